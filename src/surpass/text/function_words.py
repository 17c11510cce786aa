"""The small words that hold sentences together, by language, and letters that few languages have.

Chosen by hand: articles, pronouns, prepositions, forms of "to be" and "to have", question words.
What stands in several languages ("de", "en", "a") counts for each of them in part.
"""

# ruff: noqa: RUF001

WORDS = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the a an and or of to in is are was were be been i you he she it we they my your "
        "his her our their this that these those with for from on at by not have has had do does "
        "did will would can could should what when where who why how which there if but as "
        "about into than then so me him them its no any some please i'm i'd i'll i've it's don't "
        "can't isn't didn't that's over up out more after before through even still just now get "
        "got need want must make made like let us one other only also back while because each such",
        "de": "der die das den dem des ein eine einen einem einer und oder von zu in ist sind war "
        "waren sein ich du er sie es wir ihr mein meine dein sein seine unser dieser diese dieses "
        "mit für aus auf an bei nicht kein keine habe hat haben hatte wird werden kann können "
        "soll was wann wo wer warum wie welche es gibt wenn aber als über nach noch auch nur so "
        "mich mir ihm im am zum zur bitte dass sich nach vor seit",
        "fr": "le la les l un une des du de et ou à au aux en est sont était été être je tu il "
        "elle nous vous ils elles mon ma mes ton votre vos notre nos ce cette ces cet avec pour "
        "dans sur par ne pas n ai as a avons avez ont avait que qui quoi quand où pourquoi comment "
        "quel quelle si mais comme plus très d j c s qu y suis puis peut dois fait",
        "es": "el la los las un una unos unas de del y o a al en es son era fue ser estar está "
        "están yo tú él ella nosotros ustedes mi mis tu su sus este esta estos ese esa con para "
        "por sobre no sin he ha han había hay que quien qué cuándo dónde cómo cuál si pero como "
        "más muy me te se le lo les nos ya porque desde puedo puede cuando donde",
        "pt": "o a os as um uma uns umas de do da dos das e ou em no na nos nas é são era foi ser "
        "estar está estão eu tu ele ela nós você vocês meu minha seu sua este esta esse essa isso "
        "com para por pelo pela sobre não sem tenho tem têm tinha há que quem quando onde como "
        "qual se mas mais muito me lhe já porque desde posso pode ao à",
        "it": "il lo la i gli le un uno una di del della dei delle e o a al alla in nel nella è "
        "sono era fu essere io tu lui lei noi voi loro mio mia tuo suo sua questo questa quello "
        "quella con per su da dal dalla non senza ho hai ha hanno aveva c che chi cosa quando dove "
        "come quale se ma anche più molto mi ti si ci vi perché posso può",
        "nl": "de het een en of van te in is zijn was waren ben ik jij je hij zij ze wij we u mijn "
        "jouw uw hun ons onze dit dat deze die met voor uit op aan bij niet geen heb heeft hebben "
        "had wordt worden kan kunnen zou moet wat wanneer waar wie waarom hoe welke er als maar "
        "dan over naar nog ook alleen zo mij me hem om door na",
        "sv": "och eller en ett den det de av till i är var vara jag du han hon vi ni min mitt "
        "din ditt sin deras denna detta dessa med för från på vid inte ingen har hade blir kan "
        "kunde ska skulle vad när vem varför hur vilken som om men än över efter också bara så "
        "mig dig honom er att finns",
        "da": "og eller en et den det de af til i er var være jeg du han hun vi i min mit din dit "
        "sin deres denne dette disse med for fra på ved ikke ingen har havde bliver kan kunne skal "
        "skulle hvad hvornår hvor hvem hvorfor hvordan hvilken som om men end over efter også kun "
        "så mig dig ham jer at der noget nogle meget nu",
        "no": "og eller en et den det de av til i er var være jeg du han hun vi dere min mitt din "
        "ditt sin deres denne dette disse med for fra på ved ikke ingen har hadde blir kan kunne "
        "skal skulle hva når hvor hvem hvorfor hvordan hvilken som om men enn over etter også bare "
        "så meg deg ham å der noe noen mye nå",
        "fi": "ja tai on ovat oli olivat olla minä sinä hän me te he minun sinun hänen tämä tuo se "
        "nämä ne kanssa ei en et eivät ole olen olet voi voin mitä milloin missä kuka miksi miten "
        "mikä jos mutta kuin että myös vain niin minulle minua kun joka jotka mukaan jälkeen "
        "sitten vielä nyt",
        "pl": "i lub albo w we z ze na do od o po za przez jest są był była było być ja ty on ona "
        "my wy oni mój moja moje twój jego jej nasz ten ta to te tego tej nie ma mam mają może "
        "można co kiedy gdzie kto dlaczego jak który która które czy ale jeśli niż też tylko tak "
        "mnie mi się go ich dla proszę już jeszcze",
        "cs": "a nebo v ve z ze na do od o po za je jsou byl byla bylo být já ty on ona my vy oni "
        "můj moje tvůj jeho její náš ten ta to ty toho té ne není má mám mají může lze co kdy kde "
        "kdo proč jak který která které zda ale pokud než také jen tak mě mi se si ho jich pro "
        "prosím už ještě jsem",
        "tr": "ve veya bir bu şu o ben sen biz siz onlar benim senin onun bizim için ile de da den "
        "dan mi mı mu mü değil yok var ne zaman nerede kim neden nasıl hangi eğer ama daha çok "
        "gibi kadar sonra önce olan olarak her şey ki bana beni lütfen hiç en",
        "ro": "și si sau un o unei unui de la în pe cu din pentru este sunt era fost fi eu tu el "
        "ea noi voi ei mea meu ta lui lor acest această acel nu am ai are au avea ce când unde "
        "cine cum care dacă dar ca mai foarte mă te se îmi prin după să vă",
        "hu": "a az és vagy egy van vannak volt voltak lenni én te ő mi ti ők ez ezt azt nem nincs "
        "hogy mit mikor hol ki miért hogyan melyik ha de mint is csak már még nekem meg fel le "
        "be el után előtt szerint kell lehet ezek azok",
        "id": "yang dan atau di ke dari untuk dengan ini itu adalah saya anda kamu dia kami kita "
        "mereka tidak bukan ada akan sudah telah bisa dapat harus apa kapan mana siapa mengapa "
        "bagaimana jika tetapi pada dalam oleh sebagai juga hanya lebih karena seperti lagi",
        "vi": "và hoặc là của có không được các những một cho với trong trên từ đến tôi bạn anh "
        "chị nó chúng này đó đây gì khi nào đâu ai sao thế nếu nhưng như cũng chỉ rất đã sẽ đang "
        "phải thể làm người",
        "ru": "и или в во на с со к по из за от до о у для не нет это этот эта эти тот я ты он она "
        "мы вы они мой моя ваш его её их наш что когда где кто почему как какой который если но "
        "чем также только так мне меня вам быть был была было есть бы же ли уже ещё еще",
        "uk": "і й або в у на з із зі до по від за для не немає це цей ця ці той я ти він вона ми "
        "ви вони мій моя ваш його її їх наш що коли де хто чому як який якщо але ніж також тільки "
        "так мені мене вам бути був була було є би ж чи вже ще та",
        "bg": "и или в във на с със към по из за от до о не няма това този тази тези онзи аз ти "
        "той тя ние вие те мой моя ваш негов неин наш какво кога къде кой защо как който ако но "
        "отколкото също само така ми ме ви съм си е сме сте са беше бил да ли вече още ще се",
        "ar": "و أو في من إلى على عن مع هذا هذه ذلك التي الذي أن إن لا لم لن ما هو هي هم أنا أنت "
        "نحن كان كانت يكون قد هل كيف متى أين لماذا كل بعد قبل عند لكن إذا ثم لي بين حتى كما",
        "fa": "و یا در به از با را که این آن است بود شد می برای نیست هست من تو او ما شما آنها چه "
        "کی کجا چرا چگونه هر بعد قبل اما اگر تا هم خود یک نمی کرد شود باید",
        "ur": "اور یا میں سے کو کا کی کے ہے ہیں تھا تھی یہ وہ اس ان نے پر نہیں کیا کب کہاں کون "
        "کیوں کیسے اگر لیکن بھی تو ہم آپ مجھے ایک ہو گا گی کر",
        "hi": "और या में से को का की के है हैं था थी यह वह इस उस ने पर नहीं क्या कब कहाँ कौन क्यों "
        "कैसे अगर लेकिन भी तो हम आप मैं मुझे मेरा मेरी एक हो गा गया कर लिए",
        "mr": "आणि किंवा मध्ये आहे आहेत होता होती हे हा ही ते तो ती या त्या ने वर नाही काय केव्हा "
        "कुठे कोण का कसे जर पण सुद्धा तर आम्ही तुम्ही मी मला माझा माझी एक साठी",
    }.items()
}

LETTERS = {
    "de": "ßẞ",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "pl": "łąęśżźńć",
    "cs": "řěů",
    "hu": "őű",
    "tr": "ğı",
    "ro": "țșţ",
    "vi": "ơưđạảấầẩậắằặẹẻẽếềểệọỏốồổộớờởợụủứừửựỳỵỷỹ",
    "da": "æø",
    "no": "æø",
    "sv": "å",
    "fr": "êœ",
    "ru": "ыэё",
    "uk": "іїєґ",
    "fa": "پچژگ",
    "ur": "ٹڈڑںے",
    "mr": "ळ",
}
"""Letters that hardly any other of the languages has; one sign, however many there are."""
