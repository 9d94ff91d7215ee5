/** The words in English of the screens behind those of a first ballot; later-ko.js has the same keys. */
export default {
  // frame
  updated: 'A new version of the app is here.',
  update: 'Open the new version',
  updateWaits: 'The new version opens once your ballot has been sent.',

  // polls
  pollsTitle: 'Polls open now',
  noPolls: 'No poll is open now.',
  allPolls: 'Closed polls and results',
  votedTag: 'Voted',
  waitingTag: 'Being sent',

  // room
  toRoom: 'Enter the room of my invitation',
  roomTitle: 'A private poll',
  roomWhy: 'Only those who were invited see this poll. Please enter the room number and password of your invitation.',
  roomNumber: 'Room number',
  roomPassword: 'Password',
  roomShow: 'Show the password',
  roomEnter: 'Enter',
  roomNumberMissing: 'Please enter the room number.',
  roomPasswordMissing: 'Please enter the password.',

  // name
  nameTitle: 'The name to publish',
  nameWhy: 'This poll publishes names. The name you enter will be public beside your choice, for everybody to see. If you do not want that, you can stop here.',
  nameMissing: 'Please enter the name to publish.',
  nameAgree: 'I agree that this name is published beside my choice.',
  nameAgreeMissing: 'You can take part in this poll only if you agree to the name being published.',
  goToBallot: 'Agree and continue',

  // review
  reviewTitle: 'Vote like this?',
  reasonGiven: 'Reason',
  changeAnswers: 'Change my answers',
  cast: 'Cast my vote',
  casting: 'Sending your ballot…',
  castTold: 'One tap is enough. Even if the line drops, only one ballot goes in.',

  // counted
  countedTitle: 'Counted',
  countedLead: "The city's board has signed that it took this ballot.",
  countedChanged: 'Your new ballot is in. It counts in place of the earlier one.',
  tracker: 'Tracker',
  trackerWhy: 'After the end you find your ballot on the board by it. It does not tell what you chose.',
  qrAlt: 'QR code of tracker {tracker}',
  save: 'Save the receipt',
  share: 'Share the tracker',
  shared: 'Copied.',
  saved: 'The receipt was saved.',
  includeBy: 'This ballot will be on the board by {moment}.',
  mindUntil: 'You may vote again until {moment}; only the last vote counts.',
  shareText: '{title}: I voted. Tracker {tracker}',
  notChecked: 'This browser cannot check signatures, so the receipt is kept unchecked.',
  nextTitle: 'What comes next',
  nextResult: 'The result follows after the end, and the department answers within {days} days.',
  followRecord: 'See the policy record',

  // waiting
  waitingLead: 'Your signed ballot is safe on this phone. It is not yet sure that it reached the city.',
  waitingSent: 'The same ballot is sent again when you are online. However often it is sent, it counts once.',
  waitingUntil: 'It has to arrive by {moment} to count. Please open this app once before then.',
  stillWaiting: 'It could not be sent yet. Your ballot is still kept.',

  // not counted
  notCountedTitle: 'Not counted',
  notCountedEarlier: 'The vote that you cast earlier still counts.',
  notCountedClosed: 'It arrived after the poll had closed.',
  notCountedOther: 'With the same permit a ballot was cast in another browser before. That one counts.',

  // what happened to the vote
  fateWaiting: 'Your signed ballot is kept on this phone; sent again, it counts only once.',
  fateCounted: 'The vote that you cast is counted.',

  // faults
  changedTitle: 'The poll is not the same',
  changed: 'What the server shows differs from the poll that the QR code or link was made for. To be safe, this stops here. Please tell the city.',
  storageTitle: 'This browser keeps nothing',
  goneTitle: 'What was kept is gone',
  elsewhereTitle: 'Your permit is elsewhere',
  permitElsewhere: 'Your permit for this poll was taken with another phone or browser, or the storage of this browser was deleted. There is one permit for each person.',
  permitElsewhereDo: 'Go on in the browser in which you began, or restore it with your recovery code if you made one. If you voted already, that vote counts.',
  toRestore: 'Restore with a recovery code',
  oldTitle: 'This browser cannot vote in secret',
  oldBrowser: 'A secret poll needs Ed25519 signatures, which this browser does not have.',
  oldWhich: 'Please open this link in an up-to-date browser: Chrome, Samsung Internet or Edge (137 or later), Safari (iOS 17 or later), Firefox (129 or later).',
  oldOr: 'If you have no other phone, the counter of the city hall or community centre will help; and in the confidential (pseudonymous) polls below you can vote with this browser.',
  oldPolls: 'Polls that work in this browser',
  oldNone: 'No other poll works in this browser now.',
  notHttps: 'The page was opened over an unsafe address (http), where your ballot cannot be protected. Please open the address that begins with https.',
  noPoll: 'There is no such poll. Please check the link.',
  noScreen: 'There is no such screen.',
  notEligible: 'You cannot vote in this poll',
  whatToDo: 'What you can do',
  askReview: 'If you think this is wrong, please ask the department ({department}).',

  // in-app browsers
  inAppTitle: 'Open it in your browser',
  inAppWhy: 'This is a window inside {app}. When it closes, your permit and receipt may be lost. There is one permit for each person, so please move to your own browser before it is taken.',
  inAppOpen: 'Open in my browser',
  inAppCopy: 'Copy the link',
  inAppHow: 'If nothing opens, copy the link and paste it into the address bar of Chrome or Safari. The link holds the secret with which your vote goes on: send it to nobody.',
  inAppStay: 'Vote here all the same',
  copied: 'The link was copied.',
  notCopied: 'It could not be copied. Please press and hold the address below.',
};
