/** The app's words in Korean; en.js has the same keys. */
export default {
  // frame
  city: '시민 투표',
  skip: '본문으로 건너뛰기',
  menu: '메뉴',
  polls: '투표',
  records: '토론 기록',
  mine: '내 투표',
  settings: '설정',
  newsCount: '개의 새 소식',
  shareThis: '공유',
  languages: '언어',
  loading: '불러오는 중입니다…',
  again: '다시 시도',
  toPolls: '투표 목록으로',
  limits: 'mvote는 법정 선거에 쓰는 시스템이 아니며, 외부 암호 전문가의 검토를 받지 않았습니다.',
  offline: '인터넷에 연결되어 있지 않습니다. 서명한 표는 이 휴대전화에 보관되며 연결되면 보냅니다.',
  minutes: '{n}분',
  hours: '{n}시간',
  days: '{n}일',

  // polls
  until: '{moment}까지',

  // poll
  askedBy: '묻는 곳',
  whoMay: '투표할 수 있는 사람',
  howChecked: '본인 확인 방법',
  decides: '결과로 정해지는 것',
  closes: '마감',
  closesIn: '{span} 남았습니다.',
  privacy: '비밀 보장',
  mind: '마음이 바뀌면',
  mindYes: '마감 전까지 다시 투표하실 수 있습니다. 마지막에 낸 표만 셉니다.',
  mindNo: '한번 낸 표는 바꿀 수 없습니다.',
  apart: '따로 세는 허가증',
  more: '자세한 내용과 정정 사항',
  clockWrong: '휴대전화의 시계가 맞지 않아 시의 시계로 셉니다.',
  vote: '투표하기',
  goOn: '이어서 투표하기',
  seeReceipt: '내 접수증 보기',
  votedAlready: '이 휴대전화로 투표를 마치셨습니다.',
  startNote: '‘투표하기’를 누르면 이 브라우저가 투표 허가증을 받습니다. 허가증은 한 사람에게 하나뿐이므로 끝까지 이 브라우저에서 투표해 주십시오.',
  startSignIn: '처음이시면 휴대전화 번호를 문자로 한 번 확인합니다.',
  notOpen: '아직 시작하지 않은 투표입니다. {moment}에 시작합니다.',
  notOpenByHand: '아직 시작하지 않은 투표입니다. 담당자가 열면 시작합니다.',
  isOver: '마감된 투표입니다.',
  isSuspended: '잠시 멈춘 투표입니다. 다시 열리면 투표하실 수 있습니다.',
  isCancelled: '취소된 투표입니다.',
  reason: '이유: {reason}',
  seeResult: '결과 보기',
  wherePermit: '투표 허가증을 받고 있습니다…',

  // sign-in
  signInTitle: '휴대전화 번호 확인',
  signInWhy: '한 사람이 한 번만 투표하도록 번호를 확인합니다. 번호는 표와 함께 보내지 않습니다.',
  number: '휴대전화 번호',
  numberHint: '숫자만 적으셔도 됩니다. 예: 010-1234-5678',
  sendCode: '인증번호 받기',
  codeTitle: '인증번호 입력',
  codeSent: '{number} 번호로 인증번호를 보냈습니다.',
  code: '인증번호 6자리',
  codeHint: '문자로 온 숫자 여섯 자리입니다. {minutes} 안에 입력해 주십시오.',
  enter: '확인',
  noSms: '문자가 오지 않습니까?',
  noSmsHelp: '스팸 문자함과 번호를 확인해 주십시오. 그래도 오지 않으면 다시 받으시거나, 신분증을 가지고 시청이나 주민센터 창구에서 본인 확인을 하실 수 있습니다.',
  resend: '인증번호 다시 받기',
  resendIn: '{seconds}초 뒤에 다시 받으실 수 있습니다.',
  resent: '인증번호를 다시 보냈습니다.',
  otherNumber: '다른 번호로 받기',
  numberMissing: '휴대전화 번호를 적어 주십시오.',
  codeMissing: '인증번호 숫자 여섯 자리를 적어 주십시오.',
  agree: '위 내용에 동의합니다.',
  agreeMissing: '동의하셔야 인증번호를 보낼 수 있습니다.',

  // name
  name: '공개할 이름',

  // ballot
  ballotTitle: '투표용지',
  faultsTitle: '확인해 주십시오',
  review: '답 확인하기',
  draftKept: '쓰신 답은 이 휴대전화에만 암호화하여 보관됩니다.',
  changeTold: '이미 낸 표를 바꾸는 중입니다. 새로 내시면 이전 표 대신 새 표를 셉니다.',

  // review
  blank: '비워 둠',

  // counted
  changeMind: '마음이 바뀌었습니다',

  // waiting
  waitingTitle: '표를 보관했습니다',
  sendNow: '지금 보내기',

  // not counted
  whyNotCounted: '이유 보기',
  notCounted: '이 표는 집계되지 않았습니다.',

  // what happened to the vote
  fateNothing: '아직 투표하지 않으셨고, 보낸 표는 없습니다.',
  fateDraft: '표는 아직 보내지 않았습니다. 쓰신 답은 이 휴대전화에 남아 있습니다.',

  // faults
  faultTitle: '진행할 수 없습니다',
  unreachable: '시의 서버와 연결되지 않습니다. 인터넷 연결을 확인해 주십시오.',
  notUnderstood: '시의 서버가 아닌 곳에서 온 듯한 답을 받았습니다. 무선 인터넷 로그인 화면이 떠 있지 않은지 확인하시고 다시 시도해 주십시오.',
  unexpected: '예상하지 못한 문제가 생겼습니다.',
  waitSeconds: '{seconds}초 뒤에 다시 시도해 주십시오.',
  storageRefused: '이 브라우저가 표와 접수증을 보관하지 못하게 합니다. 시크릿(비공개) 창이면 일반 창에서, 아니면 저장 공간을 비우고 다시 열어 주십시오.',
  gone: '이 브라우저에 보관했던 투표 자료가 지워졌습니다. 이미 내신 표는 시의 게시판에 그대로 있습니다.',
};
