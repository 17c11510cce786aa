"""The gateway: answers clients through the OpenAI API, and has every answer on record first."""
