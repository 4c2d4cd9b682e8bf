/** The bytes that give JSON its structure (RFC 8259, section 2), each a character of ASCII. */
export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const openingBracket = 0x5b;
export const closingBracket = 0x5d;
export const openingBrace = 0x7b;
export const closingBrace = 0x7d;
/** ORed to a character, converts brackets to braces and leaves braces unchanged. */
export const braceBit = 0x20;
