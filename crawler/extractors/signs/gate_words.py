"""The words of barriers that sites put before their pages, by subject, in some 40 languages (rule N9).

Stems, as they stand at the beginning of a word; in scripts that join words or do not separate them, anywhere.
A full stop behind one ends the word. They are many and plain on purpose: such a word never makes a link broken,
it only keeps it from being called so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Subject(StrEnum):
    """What a barrier asks for or tells."""

    ROBOT = "a check of robots or of the browser"
    WAIT = "a queue"
    MAINTENANCE = "maintenance"
    REGION = "a country or region"
    MEMBERS = "a log-in or subscription"
    CONSENT = "consent"
    AGE = "an age"


STEMS: Mapping[Subject, str] = {
    Subject.ROBOT: """
        captcha | robot | bot. | bots. | javascript | java script | vpn. | unusual traffic | unusual activity |
        suspicious activity | automated access | automated requests | your browser | verify you | verify that you |
        verifying you | verifying that you | are human | you human | you a human | you're human | confirm you | confirm that you | real person | not a bot | are a human | you're a human | human verification |
        prove you | prove that you | security check | security verification | checking your | ddos | enable cookies |
        ray id | access denied | been blocked | are blocked | one more step |
        mensch sind | mensch bist | sicherheitsuberprufung | sicherheitsabfrage | sicherheitsprufung | ihren browser |
        ihr browser | deinen browser | ungewohnlicher datenverkehr | zugriff verweigert |
        votre navigateur | etes humain | etes un humain | verification de securite | controle de securite |
        trafic inhabituel | activite inhabituelle | acces refuse |
        tu navegador | su navegador | eres humano | eres un humano | usted es humano | que es humano |
        comprobacion de seguridad | verificacion de seguridad | trafico inusual | actividad inusual | acceso denegado |
        seu navegador | voce e humano | verificacao de seguranca | trafego incomum | acesso negado |
        tuo browser | suo browser | sei umano | sei un essere umano | essere umano | controllo di sicurezza |
        verifica di sicurezza | traffico insolito | accesso negato |
        uw browser | je browser | mens bent | beveiligingscontrole | veiligheidscontrole | ongebruikelijk verkeer |
        przegladark | jestes czlowiekiem | kontrola bezpieczenstwa | nietypowy ruch |
        prohlizec | ze jste clovek | bezpecnostni kontrola | prehliadac | ze ste clovek | bezpecnostna kontrola |
        bongeszo | biztonsagi ellenorzes | browserul | verificare de securitate | preglednik | sigurnosna provjera |
        din webblasare | sakerhetskontroll | din browser | sikkerhedskontrol | nettleseren | sikkerhetskontroll |
        selaime | turvatarkistus | tarayici | insan oldugunuzu | guvenlik kontrolu |
        робот | ваш браузер | вашего браузера | вашем браузере | вы человек | что вы не | проверка безопасности |
        подозрительн | доступ ограничен | доступ запрещен | ваш браузър | сте човек |
        ваш браузер | ви людина | перевірка безпеки | ρομποτ | προγραμμα περιηγησης | ελεγχος ασφαλειας |
        ロボット | ブラウザ | 自動アクセス | 不審なアクセス | 人間であること | セキュリティチェック |
        机器人 | 機器人 | 验证码 | 驗證碼 | 安全验证 | 安全驗證 | 完成验证 | 完成驗證 | 人机验证 | 人機驗證 | 浏览器 | 瀏覽器 | 访问异常 | 异常流量 |
        로봇 | 브라우저 | 보안문자 | 보안 확인 | 자동 입력 |
        روبوت | متصفح | أنك إنسان | التحقق من أنك | ربات | مرورگر | انسان هستید | רובוט | דפדפן | אנושי |
        रोबोट | ब्राउज़र | रोबॉट | রোবট | ব্রাউজার | หุ่นยนต์ | เบราว์เซอร์ | เป็นมนุษย์ |
        nguoi may | trinh duyet | peramban | bukan robot
    """,
    Subject.WAIT: """
        please wait | wait a moment | wait while | one moment | just a moment | a moment please | waiting room | queue |
        in line | your turn | wait time | waiting time | high demand | heavy traffic | too many visitors |
        very busy | refresh automatically | automatically refresh | reload automatically | redirected automatically |
        automatically redirected | be redirected | hang tight | hold on |
        bitte warten | bitte haben sie | einen moment | einen augenblick | warteraum | warteschlange | wartezeit |
        an der reihe | automatisch weitergeleitet | automatisch neu | automatisch aktualisiert | hoher andrang |
        grosser andrang | sehr viele besucher |
        veuillez patienter | merci de patienter | patientez | patienter | un instant | salle d'attente |
        file d'attente | temps d'attente | votre tour | forte affluence | automatiquement |
        espere | espera un | sala de espera | en cola | la cola | fila virtual | tiempo de espera | su turno | tu turno |
        un momento | automaticamente | aguarde | na fila | da fila | um momento | tempo de espera | sua vez |
        attendere | attendi | sala d'attesa | in coda | la coda | un attimo | tempo di attesa | tuo turno | suo turno |
        even geduld | een moment | wachtkamer | wachtrij | wachttijd | aan de beurt |
        prosze czekac | prosimy czekac | prosze zaczekac | prosze poczekac | chwil | poczekaln | kolejk | oczekiwania |
        cekejte | vyckejte | pockejte | cekarn | ve fronte | fronta | cakajte | pockajte | cakaren | v poradi |
        kerjuk varjon | kerjuk, varjon | turelm | varoszoba | egy pillanat | varolist | varakoz |
        asteptati | asteptare | un moment | la coada | pricekajte | sacekajte | cekaonic | red cekanja | trenutak |
        pocakajte | cakalnic | espereu | oodake | ootejarjekor | palun oota | uzgaidiet | ludzu gaidiet | ludzu, gaidiet |
        palaukite | vanligen vanta | var god vanta | vantrum | vantetid | ett ogonblick | i ko. | kon. |
        vent venligst | venligst vent | et ojeblik | venterum | ventetid | vennligst vent | et oyeblikk | venterom |
        odota | odotushuone | jonossa | jono. | hetki | lutfen bekleyin | bekleyiniz | bekleme | siraniz | bir dakika |
        подождите | ожидан | очеред | один момент | минуту | зачекайте | очікуван | черг | хвилин | изчакайте | чакалн |
        опашк | сачекајте | περιμενετε | αναμον | μια στιγμη | დაელოდ | սպասեք |
        الرجاء الانتظار | يرجى الانتظار | انتظر | الانتظار | طابور | لحظة | صبر کنید | منتظر | صف انتظار | لحظه |
        המתן | המתינו | חדר המתנה | בתור | רגע אחד | प्रतीक्षा | रुकें | कतार | অপেক্ষা | กรุณารอ | โปรดรอ | รอสักครู่ | ห้องรอ | คิว |
        vui long cho | vui long doi | phong cho | hang doi | xin cho | mohon tunggu | harap tunggu | sila tunggu |
        ruang tunggu | antrean | giliran |
        お待ち | 待合室 | 順番 | 混雑 | 待ち時間 | 请稍候 | 請稍候 | 请稍等 | 請稍等 | 请等待 | 請等待 | 排队 | 排隊 | 等候 | 等待 |
        기다려 | 대기실 | 대기열 | 대기 중 | 대기 순 | 잠시만 | 접속자
    """,
    Subject.MAINTENANCE: """
        maintenance | maintaining | back soon | back shortly | back later | back online | back up | back in | right back |
        temporarily | under construction | being moved | being updated | being upgraded | being rebuilt | being migrated |
        being improved | being renewed | moving to | moving our | moving house | migrat | relaunch | upgrading | upgrade |
        we'll be | we will be | downtime | offline | coming soon | launching soon | technical work | technical difficult |
        technical problem | technical issue | try again later | try again in | come back | check back | working on |
        wartung | zuruck | bald wieder | wieder da | wieder fur sie | wieder erreichbar | wieder verfugbar | wieder online |
        umgezogen | umzug | umzieht | zieht um | zieht gerade | ziehen um | uberarbeit | baustelle | im aufbau |
        hier entsteht | vorubergehend | kurzzeitig | momentan | derzeit | zurzeit | zur zeit | spater | technische arbeiten |
        technischen arbeiten | technische storung | technische probleme | technischer probleme | umgestellt | aktualisier |
        neu gestaltet | in kurze | demnachst | gleich wieder |
        de retour | en travaux | en construction | momentanement | temporairement | provisoirement | indisponible |
        mise a jour | en cours de | demenag | reessay | revenez | bientot | difficultes techniques | probleme technique |
        mantenimiento | volvemos | volveremos | vuelva | vuelve | en construccion | en obras | temporalmente |
        momentaneamente | pronto | actualizando | actualizacion | mudanza | mudando | traslad | migracion | intentelo |
        intentalo | problemas tecnicos | proximamente |
        manutencao | voltamos | voltaremos | volte | em construcao | em obras | temporariamente | em breve | atualiza |
        mudanca | migracao | tente novamente |
        manutenzione | torniamo | torneremo | torna a | in costruzione | lavori in corso | temporaneamente | presto |
        aggiornamento | trasferi | migrazione | riprova | problemi tecnici |
        onderhoud | zo terug | snel terug | weer terug | straks | binnenkort | in aanbouw | tijdelijk | momenteel |
        verhuis | verhuizen | vernieuw | bijgewerkt | later opnieuw | technische storing | technische problemen |
        werkzaamheden |
        konserwac | przerwa techniczna | przerwa w | prace techniczne | prace serwisowe | wkrotce | wracamy | w budowie |
        tymczasowo | chwilowo | aktualizac | przenos | modernizac | pozniej |
        udrzb | odstavk | brzy | docasne | ve vystavbe | v rekonstrukci | stehuj | pozdeji | coskoro | vo vystavbe | stahuj |
        neskor | karbantart | hamarosan | atmenetileg | ideiglenes | fejlesztes alatt | epites alatt | koltoz | kesobb |
        mentenanta | intretinere | revenim | in curand | temporar | in constructie | reveniti | odrzavanj | uskoro |
        privremeno | u izradi | kasnije | vzdrzevanj | kmalu | zacasno | manteniment | tornem | tornarem | aviat |
        underhall | strax tillbaka | snart tillbaka | tillbaka | tillfalligt | under uppbyggnad | forsok igen | uppdater |
        flyttar | vedligehold | tilbage | midlertidig | under opbygning | igen senere | opdater | flytter | vedlikehold |
        tilbake | under oppbygging | oppdater | huolto | palaamme | pian | tilapaisesti | rakenteilla | huollo | paivit | muutt |
        myohemmin | hoold | peagi | ajutiselt | apkop | driz. | islaicigi | prieziur | netrukus | laikinai |
        bakim | yakinda | gecici | birazdan | guncelle | tasin | yapim asamasinda | daha sonra |
        техническ | обслуживан | профилактическ | вернемся | скоро | временно | переезжа | переезд | обновля | обновлен |
        ремонт | реконструкц | в разработке | позже | технічн | обслуговуванн | незабаром | тимчасово | переізд | оновлен |
        пізніше | поддръжк | профилактик | по-късно | одржавањ | ускоро | привремено |
        συντηρηση | συντομα | προσωρινα | επιστρεφουμε | αναβαθμιση | αργοτερα |
        صيانة | قريبا | مؤقت | سنعود | تحديث | لاحقا | تعمیر | به روز رسانی | به‌روزرسانی | بروزرسانی | بزودی | به زودی | موقتا |
        در حال | תחזוקה | בקרוב | זמנית | נשוב | נחזור | שדרוג | מאוחר יותר | रखरखाव | जल्द | अस्थायी | बाद में | রক্ষণাবেক্ষণ | শীঘ্রই |
        সাময়িক | ปรับปรุง | บำรุงรักษา | เร็วๆ นี้ | เร็ว ๆ นี้ | ชั่วคราว | bao tri | nang cap | tam thoi | quay lai sau | som tro lai |
        sap ra mat | pemeliharaan | perbaikan | segera | sementara | kembali lagi | penyelenggaraan |
        メンテナンス | 準備中 | 工事中 | 一時的 | しばらく | 移転 | 再開 | 後ほど | 维护 | 維護 | 升级 | 升級 | 稍后 | 稍後 | 暂时 | 暫時 |
        建设中 | 建設中 | 搬迁 | 搬遷 | 即将 | 即將 | 敬请期待 | 敬請期待 | 점검 | 준비 중 | 준비중 | 일시적 | 공사 중 | 잠시 후 | 이전 중 | 업데이트
    """,
    Subject.REGION: """
        your country | your region | your location | your area | your territory | your jurisdiction | outside of the | outside the |
        geo-block | geoblock | geo-restrict | geographic | european union | european economic | eea. | gdpr. |
        licensing restrictions | rights restrictions | legal reasons | rights reasons | from the eu. | from europe |
        ihrem land | deinem land | ihrer region | deiner region | ihrem standort | deinem standort | europaischen union |
        europaischen wirtschaftsraum | rechtlichen grunden | geografisch |
        votre pays | votre region | votre zone | votre territoire | union europeenne | raisons legales | raisons juridiques |
        raisons de droits | su pais | tu pais | su region | tu region | su ubicacion | tu ubicacion | union europea |
        motivos legales | seu pais | sua regiao | sua localizacao | motivos legais | uniao europeia |
        tuo paese | suo paese | tua regione | tua area | tua zona | tua posizione | unione europea | motivi legali |
        uw land | jouw land | je land | uw regio | jouw regio | je regio | uw locatie | jouw locatie | europese unie |
        juridische redenen | twoim kraju | twoim regionie | panstwa kraju | twojej lokalizacji | vasi zemi | vasem regionu |
        vasej krajine | vasom regione | orszagaban | az on orszag | regiojaban | regiodban | tara dumneavoastra | tara ta. |
        tara dvs | regiunea | vasoj zemlji | vasoj regiji | vasoj drzavi | ditt land | din region | dit land | regionen din |
        landet ditt | maassasi | maastasi | alueellasi | maassanne |
        вашей стране | вашем регионе | вашего региона | вашей страны | вашего местоположения | вашій краіні | вашому регіоні |
        вашата държава | вашата страна | вашия регион | χωρα σας | περιοχη σας | ulkenizde | bolgenizde | ulkeniz |
        bulundugunuz | بلدك | منطقتك | دولتك | کشور شما | منطقه شما | במדינתך | במדינה שלך | באזורך | באזור שלך | आपके देश | आपके क्षेत्र |
        আপনার দেশ | আপনার অঞ্চল | ประเทศของคุณ | พื้นที่ของคุณ | ภูมิภาคของคุณ | quoc gia cua ban | khu vuc cua ban | dat nuoc cua ban |
        negara anda | wilayah anda | lokasi anda | kawasan anda |
        お住まいの | 地域では | 国では | お使いの地域 | 日本国外 | 所在地区 | 所在地區 | 所在国家 | 所在國家 | 您的地区 | 您的地區 | 您的国家 |
        您的國家 | 所在的地区 | 所在的地區 | 국가에서 | 지역에서 | 해당 지역 | 해당 국가
    """,
    Subject.MEMBERS: """
        log in | login | logged in | log on | sign in | signed in | sign up | subscri | member | registered users | register |
        create an account | your account | password | premium | unlock | free trial | continue reading | keep reading |
        already have an | paywall | authenticat | anmeld | einlogg | eingeloggt | registrier | abonn | abo. | mitglied | passwort |
        kennwort | benutzername | ihr konto | weiterlesen | connectez | se connecter | identifi | inscri | membres |
        mot de passe | un compte | reserve aux | iniciar sesion | inicia sesion | inicie sesion | regist | suscri | socios |
        miembros | contrasena | una cuenta | entrar | iniciar sessao | faca login | cadastr | assine | assinante | assinatura |
        senha | uma conta | membros | exclusivo | accedi | effettua l'accesso | abbon | iscri | riservat | soci. | membri |
        inlog | aanmeld | wachtwoord | leden | zaloguj | logowani | zarejestruj | subskry | prenumer | haslo |
        konto | prihlas | predplat | heslo | clen | bejelentkez | regisztr | elofizet | jelszo | tagok | tagjai |
        autentific | conecteaz | inregistr | abona | parola | prijav | pretplat | lozink | clanov |
        logga in | losenord | medlem | log ind | adgangskode | tilmeld | logg inn | passord | kirjaudu | rekister |
        tilaa | salasana | jasen | sisselogi | pieslegt | prisijung | giris yap | oturum ac | kaydol | uye | abone | sifre | hesab |
        вход | войти | войдите | авториз | регистр | подпис | пароль | аккаунт | только для | увійти | увійдіть | вхід |
        реєстр | передплат | тільки для | лише для | влезте | абон | парола | само за | συνδεθ | συνδεση | εγγραφ |
        συνδρομ | κωδικο | μελη | تسجيل الدخول | سجل الدخول | سجّل الدخول | اشترك | الاشتراك | كلمة المرور | الأعضاء | حساب |
        وارد شوید | ورود | ثبت نام | عضو | اشتراک | رمز عبور | התחבר | הרשמה | הירשמו | מנוי | סיסמה | לחברים | חברים בלבד |
        लॉग इन | लॉगिन | साइन | सदस्य | पासवर्ड | লগইন | লগ ইন | সদস্য | নিবন্ধন | เข้าสู่ระบบ | สมัคร | สมาชิก | รหัสผ่าน | dang nhap |
        dang ky | thanh vien | mat khau | masuk. | daftar | langganan | anggota | kata sandi | log masuk |
        ログイン | 会員 | 登録 | 購読 | パスワード | 登录 | 登入 | 登錄 | 注册 | 註冊 | 会员 | 會員 | 订阅 | 訂閱 | 密码 | 密碼 | 로그인 | 회원 | 가입 |
        구독 | 비밀번호
    """,
    Subject.CONSENT: """
        cookie | consent | privacy | einwillig | zustimm | datenschutz | einverstanden | confidentialite | privacidad |
        privacidade | consenso | toestemming | prywatn | zgoda. | zgody. | zgode. | soukrom | souhlas | sukrom | suhlas | adatved |
        hozzajarul | confidentialitat | consimtam | privatnost | suglas | integritet | samtyck | samtykke | privatliv |
        personvern | suostumus | evaste | yksityisyy | cerez | gizlilik | riza. | onay | nousolek | piekrisan | sutikim |
        куки | согласи | конфиденц | згод | бисквитк | съглас | поверителн | απορρητ | συγκαταθ |
        تعريف الارتباط | الخصوصية | موافق | کوکی | حریم خصوصی | עוגיות | פרטיות | הסכמה | कुकी | गोपनीयता | सहमति | কুকি | সম্মতি | คุกกี้ |
        ความเป็นส่วนตัว | ยินยอม | quyen rieng tu | dong y | persetujuan | privasi | クッキー | プライバシー | 同意 | 隐私 | 隱私 | 쿠키 |
        개인정보 | 동의
    """,
    Subject.AGE: """
        years old | years of age | of age. | of legal | over 18 | over 21 | 18+ | 21+ | your age | date of birth | age verification |
        age check | age gate | age-restricted | adults only | alt genug | volljahrig | jahre alt | 18 jahre | ihr alter |
        majeur | 18 ans | votre age | mayor de edad | 18 anos | maior de idade | maggiorenne | 18 anni | leeftijd | 18 jaar |
        pelnoletn | 18 lat. | 18 let. | 18 rokov | nagykoru | elmult 18 | 18 ani. | punoljet | over 18 ar | fyllt 18 | fylt 18 |
        18 ar. | taysi-ikai | 18-vuoti | 18 vuotta | 18 yas | yasinda | совершеннолет | 18 лет | ваш возраст | повноліт | 18 років |
        пълнолет | 18 години | ενηλικ | 18 ετων | عمرك | 18 عاما | 18 سال | גיל 18 | בני 18 | 18 वर्ष | १८ वर्ष | ১৮ বছর | อายุ | 18 tuoi |
        18 tahun | usia anda | umur | 18歳 | 20歳 | 年齢 | 18岁 | 年满 | 年滿 | 18歲 | 만 19 | 19세 | 성인
    """,
}
