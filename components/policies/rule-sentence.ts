/** The wording of rules is the core's: the command line, the record and the console say the same. */
export { defaultSentence, ruleSentence, thenSentence, whenSentence } from '#lib/core/policies/sentence.ts';
