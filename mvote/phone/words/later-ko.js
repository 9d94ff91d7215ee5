/** The words in Korean of the screens behind those of a first ballot; later-en.js has the same keys. */
export default {
  // frame
  updated: '앱의 새 판을 받았습니다.',
  update: '새 판으로 다시 열기',
  updateWaits: '보관된 표를 보낸 뒤에 새 판으로 바꾸실 수 있습니다.',

  // polls
  pollsTitle: '지금 하는 투표',
  noPolls: '지금 열려 있는 투표가 없습니다.',
  allPolls: '끝난 투표와 결과 보기',
  votedTag: '투표함',
  waitingTag: '보내는 중',

  // room
  toRoom: '초대받은 방에 들어가기',
  roomTitle: '비공개 투표',
  roomWhy: '초대받은 사람만 보는 투표입니다. 초대장에 적힌 방 번호와 비밀번호를 적어 주십시오.',
  roomNumber: '방 번호',
  roomPassword: '비밀번호',
  roomShow: '비밀번호를 보면서 적기',
  roomEnter: '들어가기',
  roomNumberMissing: '방 번호를 적어 주십시오.',
  roomPasswordMissing: '비밀번호를 적어 주십시오.',

  // name
  nameTitle: '공개할 이름',
  nameWhy: '실명 투표입니다. 적으신 이름은 고르신 답과 함께 누구에게나 공개됩니다. 원하지 않으시면 여기에서 그만두셔도 됩니다.',
  nameMissing: '공개할 이름을 적어 주십시오.',
  nameAgree: '이 이름을 내 답과 함께 공개하는 데 동의합니다.',
  nameAgreeMissing: '이름 공개에 동의하셔야 이 투표에 참여하실 수 있습니다.',
  goToBallot: '동의하고 계속하기',

  // review
  reviewTitle: '이대로 투표하시겠습니까?',
  reasonGiven: '이유',
  changeAnswers: '답 고치기',
  cast: '투표하기',
  casting: '표를 보내는 중입니다…',
  castTold: '한 번만 누르시면 됩니다. 연결이 끊겨도 표는 한 장만 들어갑니다.',

  // counted
  countedTitle: '집계되었습니다',
  countedLead: '시의 게시판이 이 표를 받았다고 서명했습니다.',
  countedChanged: '새 표를 받았습니다. 이전 표 대신 이 표를 셉니다.',
  tracker: '추적 번호',
  trackerWhy: '마감 뒤 게시판에서 이 번호로 내 표를 찾으실 수 있습니다. 무엇을 골랐는지는 들어 있지 않습니다.',
  qrAlt: '추적 번호 {tracker}의 QR 코드',
  save: '접수증 저장',
  share: '추적 번호 공유',
  shared: '복사했습니다.',
  saved: '접수증을 저장했습니다.',
  includeBy: '이 표는 {moment}까지 게시판에 오릅니다.',
  mindUntil: '{moment}까지 다시 투표하실 수 있으며, 마지막 표만 셉니다.',
  shareText: '{title}: 투표했습니다. 추적 번호 {tracker}',
  notChecked: '이 브라우저는 서명을 확인하지 못하므로 접수증을 확인하지 않은 채 보관했습니다.',
  nextTitle: '다음에는',
  nextResult: '마감 뒤 결과가 나오고, 담당 부서가 {days}일 안에 답변합니다.',
  followRecord: '정책 토론 기록 보기',

  // waiting
  waitingLead: '서명한 표가 이 휴대전화에 안전하게 있습니다. 아직 시에 닿았는지 확인하지 못했습니다.',
  waitingSent: '인터넷에 연결되면 같은 표를 다시 보냅니다. 여러 번 보내도 한 장으로 셉니다.',
  waitingUntil: '{moment}까지 시에 닿아야 셉니다. 그 전에 이 앱을 한 번 열어 주십시오.',
  stillWaiting: '아직 보내지 못했습니다. 표는 그대로 보관되어 있습니다.',

  // not counted
  notCountedTitle: '집계되지 않았습니다',
  notCountedEarlier: '앞서 내신 표는 그대로 집계됩니다.',
  notCountedClosed: '마감 시각이 지난 뒤에 닿았기 때문입니다.',
  notCountedOther: '같은 허가증으로 다른 브라우저에서 먼저 투표하셨기 때문입니다. 먼저 내신 표가 집계됩니다.',

  // what happened to the vote
  fateWaiting: '서명한 표는 이 휴대전화에 보관되어 있으며, 다시 보내도 한 번만 셉니다.',
  fateCounted: '내신 표는 집계되어 있습니다.',

  // faults
  changedTitle: '투표 내용이 다릅니다',
  changed: 'QR 코드나 링크가 가리키는 투표와 서버가 보여 준 투표의 내용이 다릅니다. 안전을 위해 여기에서 멈춥니다. 시청에 알려 주십시오.',
  storageTitle: '이 브라우저에는 보관할 수 없습니다',
  goneTitle: '보관한 것이 사라졌습니다',
  elsewhereTitle: '허가증이 다른 곳에 있습니다',
  permitElsewhere: '이 투표의 허가증을 다른 휴대전화나 다른 브라우저에서 받으셨거나, 이 브라우저의 저장 공간이 지워졌습니다. 허가증은 한 사람에게 하나뿐입니다.',
  permitElsewhereDo: '처음 투표를 시작한 브라우저에서 이어서 하시거나, 복구 코드를 만들어 두셨다면 그것으로 되살려 주십시오. 이미 투표하셨다면 그 표는 그대로 집계됩니다.',
  toRestore: '복구 코드로 되살리기',
  oldTitle: '이 브라우저로는 비밀 투표를 할 수 없습니다',
  oldBrowser: '비밀 투표에는 Ed25519 서명이 필요한데, 이 브라우저에는 없습니다.',
  oldWhich: '다음 브라우저의 최신 판에서 이 링크를 열어 주십시오: Chrome, 삼성 인터넷, Edge(137 이상), Safari(iOS 17 이상), Firefox(129 이상).',
  oldOr: '다른 휴대전화를 쓰실 수 없으면 시청이나 주민센터 창구에서 도움을 받으시거나, 아래 비공개(가명) 투표에는 이 브라우저로 참여하실 수 있습니다.',
  oldPolls: '이 브라우저로 할 수 있는 투표',
  oldNone: '지금은 이 브라우저로 할 수 있는 다른 투표가 없습니다.',
  notHttps: '안전하지 않은 주소(http)로 열려 있어 표를 보호할 수 없습니다. https로 시작하는 주소로 열어 주십시오.',
  noPoll: '그런 투표가 없습니다. 링크를 다시 확인해 주십시오.',
  noScreen: '그런 화면이 없습니다.',
  notEligible: '이 투표를 할 수 없습니다',
  whatToDo: '하실 수 있는 일',
  askReview: '잘못되었다고 생각하시면 담당 부서({department})에 문의해 주십시오.',

  // in-app browsers
  inAppTitle: '기본 브라우저에서 여십시오',
  inAppWhy: '지금은 {app} 안의 창입니다. 이 창을 닫으면 투표 허가증과 접수증이 사라질 수 있습니다. 허가증은 한 사람에게 하나뿐이므로, 받기 전에 기본 브라우저로 옮겨 주십시오.',
  inAppOpen: '기본 브라우저로 열기',
  inAppCopy: '링크 복사',
  inAppHow: '열리지 않으면 링크를 복사해 Chrome이나 Safari의 주소 칸에 붙여 넣어 주십시오. 이 링크에는 투표를 이어 가는 비밀 값이 들어 있으니 남에게 보내지 마십시오.',
  inAppStay: '그래도 여기에서 투표하기',
  copied: '링크를 복사했습니다.',
  notCopied: '복사하지 못했습니다. 아래 주소를 길게 눌러 복사해 주십시오.',
};
