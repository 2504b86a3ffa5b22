namespace Segmentation;

/// <summary>The countries as they are written.</summary>
internal static class CountryTable
{
    /// <summary>The members of the European Union in 2026, by two-letter code.</summary>
    public const string EuropeanUnion = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE";

    /// <summary>What the European Economic Area has beyond the European Union.</summary>
    public const string OnlyEconomicArea = "IS LI NO";

    /// <summary>
    /// One line for each country of ISO 3166-1: two-letter code, three-letter code, the usual English name, and behind semicolons what else
    /// people and shops write, the longer names of the standard among it. Kosovo stands under the code that everybody uses for it, although
    /// the standard has none. The United Kingdom and Greece have a second two-letter code, which the European Union uses.
    /// </summary>
    public const string Lines =
        """
        AF AFG Afghanistan
        AX ALA Åland Islands; Aland Islands; Åland; Aland
        AL ALB Albania
        DZ DZA Algeria
        AS ASM American Samoa
        AD AND Andorra
        AO AGO Angola
        AI AIA Anguilla
        AQ ATA Antarctica
        AG ATG Antigua and Barbuda
        AR ARG Argentina
        AM ARM Armenia
        AW ABW Aruba
        AU AUS Australia
        AT AUT Austria
        AZ AZE Azerbaijan
        BS BHS Bahamas; The Bahamas
        BH BHR Bahrain
        BD BGD Bangladesh
        BB BRB Barbados
        BY BLR Belarus
        BE BEL Belgium
        BZ BLZ Belize
        BJ BEN Benin
        BM BMU Bermuda
        BT BTN Bhutan
        BO BOL Bolivia; Bolivia (Plurinational State of); Bolivia, Plurinational State of
        BQ BES Bonaire, Sint Eustatius and Saba; Caribbean Netherlands
        BA BIH Bosnia and Herzegovina; Bosnia
        BW BWA Botswana
        BV BVT Bouvet Island
        BR BRA Brazil
        IO IOT British Indian Ocean Territory
        BN BRN Brunei; Brunei Darussalam
        BG BGR Bulgaria
        BF BFA Burkina Faso
        BI BDI Burundi
        CV CPV Cabo Verde; Cape Verde
        KH KHM Cambodia
        CM CMR Cameroon
        CA CAN Canada
        KY CYM Cayman Islands
        CF CAF Central African Republic
        TD TCD Chad
        CL CHL Chile
        CN CHN China; People's Republic of China; Mainland China
        CX CXR Christmas Island
        CC CCK Cocos (Keeling) Islands; Cocos Islands; Keeling Islands
        CO COL Colombia
        KM COM Comoros
        CG COG Congo; Republic of the Congo; Congo (Brazzaville); Congo-Brazzaville
        CD COD Democratic Republic of the Congo; Congo (Democratic Republic of the); Congo, Democratic Republic of the; Congo, The Democratic Republic of the; Congo (Kinshasa); Congo-Kinshasa; DR Congo; DRC
        CK COK Cook Islands
        CR CRI Costa Rica
        CI CIV Côte d'Ivoire; Côte d’Ivoire; Cote d'Ivoire; Ivory Coast
        HR HRV Croatia
        CU CUB Cuba
        CW CUW Curaçao; Curacao
        CY CYP Cyprus
        CZ CZE Czechia; Czech Republic
        DK DNK Denmark
        DJ DJI Djibouti
        DM DMA Dominica
        DO DOM Dominican Republic
        EC ECU Ecuador
        EG EGY Egypt
        SV SLV El Salvador
        GQ GNQ Equatorial Guinea
        ER ERI Eritrea
        EE EST Estonia
        SZ SWZ Eswatini; Swaziland
        ET ETH Ethiopia
        FK FLK Falkland Islands; Falkland Islands (Malvinas)
        FO FRO Faroe Islands; Faeroe Islands
        FJ FJI Fiji
        FI FIN Finland
        FR FRA France
        GF GUF French Guiana
        PF PYF French Polynesia
        TF ATF French Southern Territories
        GA GAB Gabon
        GM GMB Gambia; The Gambia
        GE GEO Georgia
        DE DEU Germany; Federal Republic of Germany
        GH GHA Ghana
        GI GIB Gibraltar
        GR GRC Greece; EL
        GL GRL Greenland
        GD GRD Grenada
        GP GLP Guadeloupe
        GU GUM Guam
        GT GTM Guatemala
        GG GGY Guernsey
        GN GIN Guinea
        GW GNB Guinea-Bissau; Guinea Bissau
        GY GUY Guyana
        HT HTI Haiti
        HM HMD Heard Island and McDonald Islands
        VA VAT Holy See; Vatican City; Vatican; Vatican City State; Holy See (Vatican City State)
        HN HND Honduras
        HK HKG Hong Kong; Hong Kong SAR; Hong Kong SAR China
        HU HUN Hungary
        IS ISL Iceland
        IN IND India
        ID IDN Indonesia
        IR IRN Iran; Iran (Islamic Republic of); Iran, Islamic Republic of; Islamic Republic of Iran
        IQ IRQ Iraq
        IE IRL Ireland; Republic of Ireland
        IM IMN Isle of Man
        IL ISR Israel
        IT ITA Italy
        JM JAM Jamaica
        JP JPN Japan
        JE JEY Jersey
        JO JOR Jordan
        KZ KAZ Kazakhstan
        KE KEN Kenya
        KI KIR Kiribati
        KP PRK North Korea; Korea (Democratic People's Republic of); Korea, Democratic People's Republic of; Democratic People's Republic of Korea; DPRK
        KR KOR South Korea; Korea (Republic of); Korea, Republic of; Republic of Korea; Korea
        XK XKX Kosovo
        KW KWT Kuwait
        KG KGZ Kyrgyzstan
        LA LAO Laos; Lao People's Democratic Republic; Lao PDR
        LV LVA Latvia
        LB LBN Lebanon
        LS LSO Lesotho
        LR LBR Liberia
        LY LBY Libya
        LI LIE Liechtenstein
        LT LTU Lithuania
        LU LUX Luxembourg
        MO MAC Macao; Macau; Macao SAR; Macao SAR China
        MG MDG Madagascar
        MW MWI Malawi
        MY MYS Malaysia
        MV MDV Maldives
        ML MLI Mali
        MT MLT Malta
        MH MHL Marshall Islands
        MQ MTQ Martinique
        MR MRT Mauritania
        MU MUS Mauritius
        YT MYT Mayotte
        MX MEX Mexico
        FM FSM Micronesia; Micronesia (Federated States of); Micronesia, Federated States of; Federated States of Micronesia
        MD MDA Moldova; Moldova (Republic of); Moldova, Republic of; Republic of Moldova
        MC MCO Monaco
        MN MNG Mongolia
        ME MNE Montenegro
        MS MSR Montserrat
        MA MAR Morocco
        MZ MOZ Mozambique
        MM MMR Myanmar; Burma; Myanmar (Burma)
        NA NAM Namibia
        NR NRU Nauru
        NP NPL Nepal
        NL NLD Netherlands; The Netherlands; Netherlands (Kingdom of the); Netherlands, Kingdom of the; Holland
        NC NCL New Caledonia
        NZ NZL New Zealand
        NI NIC Nicaragua
        NE NER Niger
        NG NGA Nigeria
        NU NIU Niue
        NF NFK Norfolk Island
        MK MKD North Macedonia; Macedonia; Republic of North Macedonia
        MP MNP Northern Mariana Islands
        NO NOR Norway
        OM OMN Oman
        PK PAK Pakistan
        PW PLW Palau
        PS PSE Palestine; Palestine, State of; State of Palestine; Palestinian Territories
        PA PAN Panama
        PG PNG Papua New Guinea
        PY PRY Paraguay
        PE PER Peru
        PH PHL Philippines; The Philippines
        PN PCN Pitcairn; Pitcairn Islands
        PL POL Poland
        PT PRT Portugal
        PR PRI Puerto Rico
        QA QAT Qatar
        RE REU Réunion; Reunion
        RO ROU Romania
        RU RUS Russia; Russian Federation
        RW RWA Rwanda
        BL BLM Saint Barthélemy; Saint Barthelemy; St. Barthélemy; St. Barthelemy
        SH SHN Saint Helena, Ascension and Tristan da Cunha; Saint Helena; St. Helena
        KN KNA Saint Kitts and Nevis; St. Kitts and Nevis
        LC LCA Saint Lucia; St. Lucia
        MF MAF Saint Martin (French part); Saint Martin; St. Martin
        PM SPM Saint Pierre and Miquelon; St. Pierre and Miquelon
        VC VCT Saint Vincent and the Grenadines; St. Vincent and the Grenadines
        WS WSM Samoa
        SM SMR San Marino
        ST STP Sao Tome and Principe; São Tomé and Príncipe
        SA SAU Saudi Arabia
        SN SEN Senegal
        RS SRB Serbia
        SC SYC Seychelles
        SL SLE Sierra Leone
        SG SGP Singapore
        SX SXM Sint Maarten (Dutch part); Sint Maarten; St. Maarten
        SK SVK Slovakia; Slovak Republic
        SI SVN Slovenia
        SB SLB Solomon Islands
        SO SOM Somalia
        ZA ZAF South Africa
        GS SGS South Georgia and the South Sandwich Islands
        SS SSD South Sudan
        ES ESP Spain
        LK LKA Sri Lanka
        SD SDN Sudan
        SR SUR Suriname
        SJ SJM Svalbard and Jan Mayen
        SE SWE Sweden
        CH CHE Switzerland
        SY SYR Syria; Syrian Arab Republic
        TW TWN Taiwan; Taiwan (Province of China); Taiwan, Province of China
        TJ TJK Tajikistan
        TZ TZA Tanzania; Tanzania (United Republic of); Tanzania, United Republic of; Tanzania, the United Republic of; United Republic of Tanzania
        TH THA Thailand
        TL TLS Timor-Leste; East Timor
        TG TGO Togo
        TK TKL Tokelau
        TO TON Tonga
        TT TTO Trinidad and Tobago
        TN TUN Tunisia
        TR TUR Türkiye; Turkiye; Turkey
        TM TKM Turkmenistan
        TC TCA Turks and Caicos Islands
        TV TUV Tuvalu
        UG UGA Uganda
        UA UKR Ukraine
        AE ARE United Arab Emirates; UAE
        GB GBR United Kingdom; United Kingdom of Great Britain and Northern Ireland; UK; Great Britain; Britain; England; Scotland; Wales; Northern Ireland
        US USA United States; United States of America; U.S.; U.S.A.
        UM UMI United States Minor Outlying Islands
        UY URY Uruguay
        UZ UZB Uzbekistan
        VU VUT Vanuatu
        VE VEN Venezuela; Venezuela (Bolivarian Republic of); Venezuela, Bolivarian Republic of
        VN VNM Viet Nam; Vietnam
        VG VGB Virgin Islands (British); Virgin Islands, British; British Virgin Islands
        VI VIR Virgin Islands (U.S.); Virgin Islands, U.S.; U.S. Virgin Islands; US Virgin Islands
        WF WLF Wallis and Futuna
        EH ESH Western Sahara
        YE YEM Yemen
        ZM ZMB Zambia
        ZW ZWE Zimbabwe
        """;
}
