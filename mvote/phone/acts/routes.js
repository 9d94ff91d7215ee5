/** The screens on which citizens act, by address; fetched with the first of them. */

import { route } from '../shell/router.js';

route('/app/records/:record/discussion', async () => (await import('./discussion.js')).showDiscussion);
route('/app/records/:record/discussion/:post', async () => (await import('./discussion.js')).showThread);
route('/app/records/:record/answers', async () => (await import('./answers.js')).showAnswers);
route('/app/proposals', async () => (await import('./proposals.js')).showProposals);
route('/app/proposals/:proposal', async () => (await import('./proposal.js')).showProposal);
route('/app/calls/:call', async () => (await import('./propose.js')).showCall);
route('/app/pools/:pool', async () => (await import('./pool.js')).showPool);
route('/app/pools/:pool/statement', async () => (await import('./pool.js')).showStatement);
route('/app/report/:kind/:scope/:item', async () => (await import('./report.js')).showReport);
route('/app/appeal/:kind/:scope/:item', async () => (await import('./report.js')).showAppeal);
route('/app/my-part', async () => (await import('./mine.js')).showParts);
