/*
 * password_weak.c - how much there is to guess in a password: the cheapest way to put it together
 * out of the pieces that everybody tries first and of single characters.
 */
#include "accounts/password_weak.h"

#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "policy/names.h"
#include "store/crypto.h"

/*
 * What a piece costs whoever guesses: tenths of a bit.  Of the characters it is what a random one
 * of its kind has; a sign is most often one of ten.
 */
enum {
	COST_DIGIT = 33,
	COST_LETTER = 47,
	COST_SIGN = 35,
	COST_DIVIDER = 20, /* a space, dot, dash or underscore */
	COST_FOREIGN = 60,
	COST_NAME = 20,    /* what is known of the user */
	COST_AGAIN = 20,   /* what stands before, once more or more often */
	COST_WORD = 80,
	COST_ROW = 60,
	COST_YEAR = 60,
	COST_LEAST = 260,  /* of a password that passes: eight random digits do, just */
};

enum {
	SHORTEST_BYTES = 3, /* of the shortest row, name or repetition */
	PERIOD_BYTES = 32, /* of the longest part whose repetition is looked for */
	YEAR_BYTES = 4,
	COUNTRY_DIGITS = 3 + 1, /* and the sign */
};

enum piece {
	PIECE_CHARACTER,
	PIECE_WORD,
	PIECE_NAME,
	PIECE_ROW,
	PIECE_AGAIN,
	PIECE_YEAR,
	PIECE_COUNT,
};

static const char *const sentences[PIECE_COUNT] = {
	[PIECE_CHARACTER] = "the password is too easy to guess",
	[PIECE_WORD] = "the password is a common one, or one with little added to it",
	[PIECE_NAME] = "the password is little more than the user's own name, address or number",
	[PIECE_ROW] = "the password is little more than keys, letters or digits in a row",
	[PIECE_AGAIN] = "the password is little more than the same thing over and over",
	[PIECE_YEAR] = "the password is little more than a date or a year",
};

/* What is at the head of every published count of passwords, in small letters. */
static const char *const words[] = {
	"abracadabra", "access", "adgangskode", "admin", "administrator", "ajax", "alejandro",
	"alessandro", "alexander", "amanda", "amen", "america", "andrea", "andrew", "angel",
	"anna", "anthony", "antonio", "april", "arsenal", "asdf", "ashley", "asshole", "august",
	"australia", "autumn", "azerty", "baby", "babygirl", "badboy", "banana", "barcelona",
	"baseball", "basketball", "batman", "beatles", "beautiful", "benjamin", "berlin",
	"bestfriend", "bible", "bigboy", "bigdaddy", "bitch", "blessed", "blink", "blizzard",
	"bonjour", "boston", "brazil", "bullshit", "bunny", "butterfly", "california", "camaro",
	"canada", "captain", "carlos", "cats", "champion", "changeit", "changeme", "charizard",
	"charles", "charlotte", "cheese", "chelsea", "cherry", "chicago", "chicken", "chocolate",
	"chouchou", "christ", "cisco", "coffee", "computer", "contrase\303\261a", "contrasena",
	"cookie", "correcthorsebatterystaple", "corvette", "cowboys", "crystal", "daddy",
	"dallas", "dancer", "daniel", "daniela", "david", "debian", "december", "default",
	"demo", "demon", "destiny", "deutschland", "devil", "diamond", "doggy", "dogs", "dollar",
	"dolphin", "doudou", "dragon", "eagle", "eagles", "elizabeth", "elvis", "eminem",
	"england", "estrella", "europe", "facebook", "faith", "falcon", "february", "fernando",
	"ferrari", "fishing", "florida", "flower", "flowers", "football", "forever", "fortnite",
	"france", "francesco", "freedom", "friday", "friend", "friends", "frodo", "fruhling",
	"fuck", "fuckoff", "fuckyou", "gamer", "gandalf", "geheim", "geheimnis", "george",
	"germany", "ghost", "ginger", "giovanni", "golf", "golfer", "google", "goteborg",
	"grace", "guest", "guitar", "hallo", "hannah", "harley", "haslo", "hawk", "hearts",
	"heaven", "hello", "helpdesk", "herbst", "hero", "heslo", "hexa", "hiver", "hobbit",
	"hockey", "hola", "honda", "honey", "hope", "hunter", "hunting", "iloveyou",
	"iloveyousomuch", "iluvu", "infinity", "instagram", "internet", "invierno", "ironman",
	"james", "january", "jasmine", "jelszo", "jennifer", "jessica", "jesus", "john",
	"jordan", "joseph", "joshua", "juventus", "kennwort", "keyboard", "killer", "kisses",
	"kitten", "kitty", "kodeord", "l\303\266senord", "lakers", "laptop", "laura", "legend",
	"letmein", "liebe", "lightning", "linux", "liverpool", "login", "logon", "london",
	"losenord", "love", "lovely", "lovers", "loveyou", "lucifer", "lucky", "madrid",
	"maggie", "magic", "manager", "manchester", "maria", "mario", "martin", "master",
	"matrix", "matthew", "maytheforcebewithyou", "mercedes", "merlin", "metallica", "mexico",
	"michael", "michelle", "mickey", "microsoft", "million", "minecraft", "minnie", "mommy",
	"monday", "money", "monkey", "moonlight", "moscow", "motdepasse", "muffin", "mummy",
	"mustang", "mystery", "naruto", "natasha", "nicholas", "nicole", "ninja", "nintendo",
	"nirvana", "november", "october", "oracle", "panther", "paris", "parola", "pass",
	"passord", "passphrase", "passwd", "password", "passwort", "patrick", "peaches",
	"pepper", "peter", "phantom", "phoenix", "piano", "pikachu", "pirate", "player",
	"playstation", "please", "pokemon", "pony", "porsche", "precious", "pretty", "prince",
	"princess", "pumpkin", "puppy", "pussy", "qazwsx", "queen", "qwerty", "qwertz", "rabbit",
	"racing", "rahasia", "rainbow", "ranger", "realmadrid", "richard", "robert", "roberto",
	"roblox", "rocket", "rockstar", "root", "router", "salasana", "samantha", "samuel",
	"samurai", "sarah", "satan", "saturday", "schalke", "schatz", "secret", "secure",
	"security", "senha", "september", "server", "sesame", "sexy", "shadow", "shark", "sifre",
	"skywalker", "slipknot", "snoopy", "soccer", "soleil", "sommar", "sommer", "sonic",
	"sophie", "sorry", "spain", "spider", "spiderman", "sports", "starlight", "stars",
	"startrek", "starwars", "steelers", "stephanie", "stockholm", "storm", "strawberry",
	"success", "sudo", "sugar", "summer", "sunday", "sunflower", "sunshine", "superman",
	"superuser", "support", "suzuki", "svenska", "sverige", "sweetheart", "sweetie",
	"sydney", "teamo", "teddy", "teddybear", "temp", "temporary", "tennis", "tequiero",
	"test", "tester", "testing", "texas", "thankyou", "thequickbrownfox", "thomas",
	"thunder", "thursday", "tiger", "tobeornottobe", "toor", "toyota", "trustno", "tuesday",
	"turbo", "turtle", "twitter", "ubuntu", "user", "vader", "verano", "victoria", "vinter",
	"wachtwoord", "warrior", "wednesday", "welcome", "whatever", "william", "windows",
	"winter", "wizard", "yamaha", "yankees", "youtube", "zelda", "zxcv",
	"\320\271\321\206\321\203\320\272\320\265\320\275",
	"\320\277\320\260\321\200\320\276\320\273\321\214",
};

/* Rows, columns and zigzags of the keyboard, the alphabet: any part of one, in either direction. */
static const char *const rows[] = {
	"abcdefghijklmnopqrstuvwxyz", "01234567890", "`1234567890-=", "!@#$%^&*()_+", "qwertyuiop[]",
	"asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik",
	"qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "147258369",
	"741852963", "a1b2c3d4e5f6g7", "a1s2d3f4g5h6j7k8l9",
};

/* What people write for a letter: the letter, then its signs. */
static const char *const swaps[] = {
	"a4@", "b8", "c(", "e3", "g69", "i1!|", "l1!|", "o0", "s5$z", "t7+", "z2",
};

/* The cheapest way to each place of the password. */
struct guess {
	size_t size;
	char text[PASSWORD_BYTES + 1]; /* in small letters */
	struct place {
		uint32_t cost;
		uint16_t from;
		uint8_t piece;
	} place[PASSWORD_BYTES + 1];
	struct names own;
};

/*
 * Small letters of ASCII and of Latin-1 in UTF-8, where a capital is as long; what other scripts
 * have is only found as it is written.
 */
static void
fold(char *text)
{
	unsigned char before = 0;

	for (; *text != '\0'; before = (unsigned char)*text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte >= 'A' && byte <= 'Z')
			*text = (char)(byte - 'A' + 'a');
		else if (before == 0xc3 && byte >= 0x80 && byte <= 0x9e && byte != 0x97)
			*text = (char)(byte + 0x20);
	}
}

/* Puts a piece that begins at `at`, if it makes the way behind it cheaper. */
static void
put(struct guess *guess, size_t at, size_t size, uint32_t cost, enum piece piece)
{
	struct place *end = &guess->place[at + size];

	cost += guess->place[at].cost;
	if (cost >= end->cost)
		return;
	*end = (struct place){cost, (uint16_t)at, (uint8_t)piece};
}

/* ---- pieces ------------------------------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static void
put_character(struct guess *guess, size_t at)
{
	unsigned char byte = (unsigned char)guess->text[at];
	uint32_t cost = COST_SIGN;

	if (is_digit((char)byte))
		cost = COST_DIGIT;
	else if (is_letter((char)byte))
		cost = COST_LETTER;
	else if (strchr(" .-_", byte) != NULL)
		cost = COST_DIVIDER;
	else if (byte >= 0x80)
		cost = (byte & 0xc0) == 0x80 ? 0 : COST_FOREIGN;
	put(guess, at, 1, cost, PIECE_CHARACTER);
}

/* Is this the letter, or what people write for it? */
static bool
stands_for(char c, char letter)
{
	if (c == letter)
		return true;
	for (size_t i = 0; i < sizeof(swaps) / sizeof(swaps[0]); i++)
		if (swaps[i][0] == letter && strchr(swaps[i] + 1, c) != NULL)
			return true;
	return false;
}

static void
put_word(struct guess *guess, size_t at, const char *word, uint32_t cost, enum piece piece)
{
	size_t size = 0;

	while (word[size] != '\0' && at + size < guess->size &&
	    stands_for(guess->text[at + size], word[size]))
		size++;
	if (word[size] == '\0')
		put(guess, at, size, cost, piece);
}

/* As far as the text goes along the row from its place `from` on, by steps of 1 or -1. */
static size_t
row_goes(const char *text, const char *row, size_t from, int step)
{
	size_t row_size = strlen(row), size = 0;

	/* One step before the row's beginning is a place far behind its end. */
	while (from < row_size && text[size] == row[from]) {
		size++;
		from += (size_t)step;
	}
	return size;
}

static void
put_rows(struct guess *guess, size_t at, const char *row)
{
	for (size_t from = 0; row[from] != '\0'; from++)
		for (int step = -1; step <= 1; step += 2)
			for (size_t size = row_goes(guess->text + at, row, from, step);
			    size >= SHORTEST_BYTES; size--)
				put(guess, at, size, COST_ROW, PIECE_ROW);
}

static void
put_again(struct guess *guess, size_t at, size_t period)
{
	size_t size = 0;

	while (at + size < guess->size &&
	    guess->text[at + size] == guess->text[at + size - period])
		size++;
	if (size >= SHORTEST_BYTES && size >= period)
		put(guess, at, size, COST_AGAIN, PIECE_AGAIN);
}

static void
put_year(struct guess *guess, size_t at)
{
	const char *text = guess->text + at;
	bool begins = at == 0 || !is_digit(guess->text[at - 1]);

	/* At an end of the digits: in the midst of many it is none. */
	if ((strncmp(text, "19", 2) == 0 || strncmp(text, "20", 2) == 0) && is_digit(text[2]) &&
	    is_digit(text[3]) && (begins || !is_digit(text[YEAR_BYTES])))
		put(guess, at, YEAR_BYTES, COST_YEAR, PIECE_YEAR);
}

/* All that may begin here. */
static void
put_pieces(struct guess *guess, size_t at)
{
	put_character(guess, at);
	put_year(guess, at);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_word(guess, at, words[i], COST_WORD, PIECE_WORD);
	for (size_t i = 0; i < guess->own.count; i++)
		put_word(guess, at, guess->own.item[i], COST_NAME, PIECE_NAME);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		put_rows(guess, at, rows[i]);
	for (size_t period = 1; period <= at && period <= PERIOD_BYTES; period++)
		put_again(guess, at, period);
}

/* ---- what is known of the user ------------------------------------------------------------ */

/* The text, and each run of letters and digits in it.  False: no memory. */
static bool
add_own(struct names *own, const char *text)
{
	char *copy = text == NULL ? NULL : strdup(text);
	char *rest = NULL;
	bool good = true;

	if (copy == NULL)
		return text == NULL;
	fold(copy);
	if (strlen(copy) >= SHORTEST_BYTES)
		good = names_add(own, copy);
	for (char *part = strtok_r(copy, " .-_@+'", &rest); good && part != NULL;
	    part = strtok_r(NULL, " .-_@+'", &rest))
		if (strlen(part) >= SHORTEST_BYTES && !names_have(own, part))
			good = names_add(own, part);
	free(copy);
	return good;
}

/* Two names that are too short to stand alone are one that is not. */
static bool
add_joined(struct names *own, const char *first, const char *second)
{
	struct bytes text = {0};
	char *joined;
	bool good;

	if (first == NULL || second == NULL)
		return true;
	bytes_print(&text, "%s%s", first, second);
	joined = bytes_take_text(&text);
	good = joined != NULL && add_own(own, joined);
	free(joined);
	return good;
}

/* A phone number, also without what leads to its country: however many digits that has. */
static bool
add_phone(struct names *own, const char *phone)
{
	bool good = true;

	for (size_t i = 0; good && phone != NULL && phone[i] != '\0' && i <= COUNTRY_DIGITS; i++)
		good = add_own(own, phone + i);
	return good;
}

static bool
add_all_own(struct names *own, const struct user *user)
{
	return user == NULL || (add_own(own, user->name) && add_own(own, user->first_name) &&
	    add_own(own, user->last_name) && add_own(own, user->email) &&
	    add_phone(own, user->phone) && add_joined(own, user->first_name, user->last_name) &&
	    add_joined(own, user->last_name, user->first_name));
}

/* ---- the whole ---------------------------------------------------------------------------- */

/* The kind of piece that most of it is made of; characters only when there is nothing else. */
static enum piece
most_of(const struct guess *guess)
{
	size_t size[PIECE_COUNT] = {0};
	enum piece most = PIECE_CHARACTER;

	for (size_t at = guess->size; at > 0; at = guess->place[at].from)
		size[guess->place[at].piece] += at - guess->place[at].from;
	size[PIECE_CHARACTER] = 0;
	for (enum piece piece = PIECE_WORD; piece < PIECE_COUNT; piece++)
		if (size[piece] > size[most])
			most = piece;
	return most;
}

enum fault
password_weak_check(const char *password, const struct user *user, struct why *why)
{
	struct guess *guess = calloc(1, sizeof(*guess));
	enum fault fault = FAULT_NONE;

	if (guess == NULL)
		return why_memory(why);
	if (!add_all_own(&guess->own, user)) {
		fault = why_memory(why);
		goto out;
	}
	guess->size = strnlen(password, PASSWORD_BYTES);
	memcpy(guess->text, password, guess->size);
	fold(guess->text);
	for (size_t i = 1; i <= guess->size; i++)
		guess->place[i].cost = UINT32_MAX;
	for (size_t at = 0; at < guess->size; at++)
		put_pieces(guess, at);
	if (guess->place[guess->size].cost < COST_LEAST)
		fault = why_field(why, FAULT_INVALID, "password", "%s",
		    sentences[most_of(guess)]);
out:
	names_clear(&guess->own);
	crypto_wipe(guess, sizeof(*guess));
	free(guess);
	return fault;
}
