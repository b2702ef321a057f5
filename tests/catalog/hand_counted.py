"""Two hundred words drawn at random from the shipped content, their syllables counted by a person, aloud."""

COUNTED = {
    1: (
        "a aches ask banged bit bite both breasts breathed bruised but cake chest coughs course crossed day dressed "
        "ends fight fine fourth friends fun glass gum hear iced jerk joints large lights meet might moon my neck next "
        "on own paid pair pale part passed plans pledge point proof ran reached rest ruth scan seek seem should "
        "sleeps spat spoon steel stirs stool sweats team their thin those tricks turns ward way worn yuck"
    ),
    2: (
        "alto bashir begin behind bethan better beyond bingo bitten blockage body bowels calling cathal changes "
        "chapel christmas cleaner clearly clinic columns consent custard dining direct discharge driver drowsy drying "
        "final follows going GP handy harmful harpreet hormones instead issue josie jumper lasted lemon lessons "
        "lightest losing measures migraine Mr nasreen's others outside pacing paper power problem reaches referred "
        "reflux repeats shanice sickness sorry sources stimming suggests summer supper swimming symbol symptoms "
        "tardive target technique tested thyroid treatment twenty unknown unmet unwell urgent waited wendell within "
        "yannick"
    ),
    3: (
        "afternoon assessment bearable bernadette boundaries depressive dilys's efua's emeka's employer everyone "
        "intensive lithium measuring nkechi's normally nwosu prescribers quality samosas seclusion sedated somebody "
        "supporting teresa therapists unable"
    ),
    4: (
        "analysis capacity constipated constipating diabetes dietitian exceptional melatonin mirtazapine psychiatrist "
        "risperidone tolerating"
    ),
    5: ("recommendation"),
}
BY_HAND = {word: count for count, words in COUNTED.items() for word in words.split()}
