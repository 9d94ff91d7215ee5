/** The app's words in English; ko.js has the same keys. */
export default {
  // frame
  city: 'City polls',
  skip: 'Skip to the content',
  menu: 'Menu',
  polls: 'Polls',
  records: 'Records',
  mine: 'My votes',
  settings: 'Settings',
  newsCount: 'new',
  shareThis: 'Share',
  languages: 'Language',
  loading: 'Loading…',
  again: 'Try again',
  toPolls: 'To the list of polls',
  limits: 'mvote is not for statutory elections, and no outside cryptographer has reviewed it.',
  offline: 'You are offline. A signed ballot is kept on this phone and goes when the net returns.',
  minutes: '{n} min',
  hours: '{n} hours',
  days: '{n} days',

  // polls
  until: 'until {moment}',

  // poll
  askedBy: 'Asked by',
  whoMay: 'Who may vote',
  howChecked: 'How you are checked',
  decides: 'What the result decides',
  closes: 'Closes',
  closesIn: '{span} left.',
  privacy: 'Privacy',
  mind: 'Change of mind',
  mindYes: 'You may vote again until the poll closes; only your last vote counts.',
  mindNo: 'A vote cannot be changed once it is cast.',
  apart: 'Permits counted apart',
  more: 'All details and corrections',
  clockWrong: "This phone's clock is wrong, so the city's is used.",
  vote: 'Vote',
  goOn: 'Go on voting',
  seeReceipt: 'See my receipt',
  votedAlready: 'You have voted from this phone.',
  startNote: 'With “Vote”, this browser takes your permit for this poll. There is one for each person, so please finish in this browser.',
  startSignIn: 'The first time, your phone number is checked once by text message.',
  notOpen: 'This poll has not opened yet. It opens on {moment}.',
  notOpenByHand: 'This poll has not opened yet. An official will open it.',
  isOver: 'This poll is closed.',
  isSuspended: 'This poll is suspended for now. You can vote when it resumes.',
  isCancelled: 'This poll was cancelled.',
  reason: 'Reason: {reason}',
  seeResult: 'See the result',
  wherePermit: 'Getting your permit…',

  // sign-in
  signInTitle: 'Check your phone number',
  signInWhy: 'So that everybody votes once. Your number is never sent with your vote.',
  number: 'Mobile number',
  numberHint: 'Digits are enough, as in 010-1234-5678',
  sendCode: 'Send me a code',
  codeTitle: 'Enter the code',
  codeSent: 'A code was sent to {number}.',
  code: 'Code of 6 digits',
  codeHint: 'The six digits in the text message. Please enter them within {minutes}.',
  enter: 'Continue',
  noSms: 'No message?',
  noSmsHelp: 'Look at the spam folder and at the number. If nothing comes, ask for another code, or have your identity checked at the counter of the city hall or community centre.',
  resend: 'Send another code',
  resendIn: 'You can ask for another in {seconds} s.',
  resent: 'Another code was sent.',
  otherNumber: 'Use another number',
  numberMissing: 'Please enter your mobile number.',
  codeMissing: 'Please enter the six digits of the code.',
  agree: 'I agree to this.',
  agreeMissing: 'A code can only be sent if you agree.',

  // name
  name: 'Name to publish',

  // ballot
  ballotTitle: 'Your ballot',
  faultsTitle: 'Please check',
  review: 'Review my answers',
  draftKept: 'Your answers are kept on this phone only, encrypted.',
  changeTold: 'You are changing a vote that you cast. The new one will count in its place.',

  // review
  blank: 'Left blank',

  // counted
  changeMind: 'I changed my mind',

  // waiting
  waitingTitle: 'Your ballot is kept',
  sendNow: 'Send it now',

  // not counted
  whyNotCounted: 'See why',
  notCounted: 'This ballot was not counted.',

  // what happened to the vote
  fateNothing: 'You have not voted yet, and no ballot was sent.',
  fateDraft: 'Your ballot has not been sent. Your answers are still on this phone.',

  // faults
  faultTitle: 'This cannot go on',
  unreachable: "The city's server cannot be reached. Please check your internet connection.",
  notUnderstood: "The answer does not seem to come from the city's server. Please look whether the Wi-Fi asks you to log in, and try again.",
  unexpected: 'Something unexpected went wrong.',
  waitSeconds: 'Please try again in {seconds} seconds.',
  storageRefused: 'This browser does not let the app keep your ballot and receipt. In a private window, use a normal one; otherwise free some space and open the app again.',
  gone: 'What this browser kept of the poll was deleted. A ballot that you cast is still on the board of the city.',
};
