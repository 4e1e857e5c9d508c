import type { ActionClass, Tier } from './types.ts';

/** What a word in a tool's name says about it. `says` completes "its name …". */
export type WordSignal = {
  readonly words: readonly string[];
  readonly actionClass: ActionClass;
  /** Tier when the name also has a word that changes something, and when it only reads. */
  readonly changing: Tier;
  readonly reading: Tier;
  readonly says: string;
};

/** Words that read. A name needs one of these, and none that changes, to count as reading. */
export const READING: ReadonlySet<string> = new Set(
  'get,list,read,search,find,fetch,show,describe,view,query,lookup,count,check,status,resolve,recall,open,tree,stat,head,tail,diff,log,inspect,watch,browse,info,explain,compare,summarize,download,retrieve,whoami,history,health,tables,allowed'.split(
    ',',
  ),
);

/** Words that change something. */
export const CHANGING: ReadonlySet<string> = new Set(
  'create,update,write,edit,set,add,put,patch,insert,upsert,modify,change,move,rename,copy,upload,save,append,replace,assign,close,reopen,merge,push,commit,import,sync,submit,approve,reject,enable,disable,toggle,configure,register,trigger,schedule,cancel,fork,remember,store,archive,remove,unset,restore,start,stop,restart,resume,pause,attach,detach,mark,dismiss,request,manage,send,post,reply,publish,share,upgrade,install,apply,transition,invite,lock,unlock,click,type,fill,press,drag,select,upsert,mkdir,touch,chmod,chown'.split(
    ',',
  ),
);

/** Words that take away for good. */
export const DESTROYING: ReadonlySet<string> = new Set(
  'delete,drop,destroy,purge,truncate,wipe,erase,kill,terminate,uninstall,reset,overwrite,force,prune,rm,rmdir,unlink,shred,format,revert,nuke,clear'.split(
    ',',
  ),
);

/** Words of tools that only answer. Few on purpose: everything unknown is high. */
export const HARMLESS: ReadonlySet<string> = new Set(
  'echo,ping,time,clock,timezone,calculator,calculate,sum'.split(','),
);

/** Which words speak for which action class. The first rows weigh most when several match with the same tier. */
export const NAME_SIGNALS: readonly WordSignal[] = [
  signal(
    'shell',
    'high',
    'high',
    'runs commands',
    'shell,bash,sh,zsh,powershell,cmd,command,commands,terminal,exec,execute,spawn,process,subprocess,ssh,tmux',
  ),
  signal(
    'code-exec',
    'high',
    'high',
    'runs code',
    'eval,evaluate,python,javascript,typescript,node,notebook,jupyter,interpreter,repl,script,scripts,sandbox,lambda,run',
  ),
  signal(
    'secrets',
    'high',
    'high',
    'reaches secrets',
    'secret,secrets,credential,credentials,password,passwords,passwd,token,tokens,apikey,vault,env,environ,dotenv,keychain,keystore,certificate,privatekey',
  ),
  signal(
    'money',
    'high',
    'medium',
    'moves money',
    'pay,payment,payments,payout,transfer,refund,charge,withdraw,buy,purchase,checkout,wire,trade,invest,wallet,donate,order,orders',
  ),
  signal(
    'iam',
    'high',
    'medium',
    'changes who may do what',
    'grant,revoke,role,roles,permission,permissions,member,members,user,users,collaborator,collaborators,acl,iam,access,login,account,accounts,sso,group,groups',
  ),
  signal(
    'infra',
    'high',
    'medium',
    'touches infrastructure',
    'terraform,kubernetes,kubectl,k8s,helm,pod,pods,cluster,clusters,namespace,instance,instances,vm,container,containers,docker,dns,firewall,loadbalancer,provision,reboot,scale,bucket,buckets,ec2,s3,cloudformation,stack,machine,volume,network,server,servers',
  ),
  signal(
    'deploy',
    'high',
    'medium',
    'puts changes live',
    'deploy,deploys,deployment,deployments,release,releases,rollout,rollback,promote,merge,workflow,workflows,pipeline,pipelines,dispatch,publish',
  ),
  signal(
    'billing',
    'high',
    'medium',
    'touches billing',
    'billing,invoice,invoices,subscription,subscriptions,coupon,coupons,price,prices,product,products,customer,customers,quote,plan',
  ),
  signal('db-mutation', 'high', 'medium', 'works on a database', 'sql,migration,migrations,index,indexes'),
  signal(
    'db-read',
    'high',
    'medium',
    'reads a database',
    'database,databases,db,table,tables,row,rows,schema,schemas,record,records,collection,collections,query,postgres,mysql,sqlite,mongo,redis,bigquery,snowflake,dataset',
  ),
  signal(
    'file-write',
    'high',
    'medium',
    'works on files',
    'file,files,directory,directories,folder,folders,path,disk,filesystem,fs,mkdir,contents,content,attachment',
  ),
  signal(
    'file-read',
    'high',
    'medium',
    'reads source code',
    'code,repository,repositories,repo,repos,branch,branches,commit,commits,tag,tags,git,blob,roots',
  ),
  signal(
    'message-send',
    'medium',
    'medium',
    'sends messages',
    'message,messages,email,emails,mail,gmail,sms,dm,tweet,chat,channel,channels,thread,reply,notify,notification,notifications,slack,discord,telegram,whatsapp,send,reaction,post',
  ),
  signal(
    'browse',
    'medium',
    'medium',
    'reaches the web',
    'browse,browser,navigate,click,screenshot,snapshot,page,tab,tabs,url,http,crawl,scrape,web,website,fetch,download,weather',
  ),
  signal(
    'ticketing',
    'medium',
    'low',
    'works on tickets',
    'issue,issues,ticket,tickets,card,cards,board,boards,project,projects,sprint,sprints,comment,comments,label,labels,milestone,milestones,pull,pr,review,reviews,task,tasks,epic,story,incident,incidents,calendar,event,events,discussion,discussions,gist,gists,bug,backlog,jira,linear,todo',
  ),
  signal(
    'memory',
    'medium',
    'low',
    'works on the agent\u2019s memory',
    'memory,memories,remember,recall,entity,entities,observation,observations,relation,relations,graph,nodes,knowledge,note,notes',
  ),
  signal(
    'docs-search',
    'medium',
    'low',
    'looks things up',
    'docs,doc,documentation,wiki,library,libraries,manual,kb,reference,article,articles,faq,help,search,glossary,topic',
  ),
];

function signal(actionClass: ActionClass, changing: Tier, reading: Tier, says: string, words: string): WordSignal {
  return { words: words.split(','), actionClass, changing, reading, says };
}

/** What a property of the input schema says: the agent fills it in freely, so it can do the worst it can express. */
export type PropertySignal = {
  readonly names: RegExp;
  readonly actionClass: ActionClass;
  readonly tier: Tier;
  readonly says: string;
};

/** Property names are compared in lower case without separators. */
export const PROPERTY_SIGNALS: readonly PropertySignal[] = [
  property(/^(?:command|cmd|commands|shell|shellcommand|argv|script)$/, 'shell', 'high', 'takes a command to run'),
  property(
    /^(?:code|sourcecode|javascript|python|expression|snippet|function|program)$/,
    'code-exec',
    'high',
    'takes code to run',
  ),
  property(
    /^(?:sql|sqlquery|statement|statements|rawquery)$/,
    'db-mutation',
    'high',
    'takes SQL, which can change data',
  ),
  property(
    /^(?:amount|amountcents|price|currency|iban|walletaddress|cardnumber)$/,
    'money',
    'high',
    'takes an amount of money',
  ),
  property(
    /^(?:password|passphrase|secret|secretname|apikey|accesstoken|privatekey|credential|credentials|secretid)$/,
    'secrets',
    'high',
    'takes or names a secret',
  ),
  property(
    /^(?:role|roles|permission|permissions|scopes|policyarn|collaborator|grantee)$/,
    'iam',
    'high',
    'takes a role or a permission',
  ),
  property(
    /^(?:to|cc|bcc|recipient|recipients|emailaddress|phonenumber|webhookurl)$/,
    'message-send',
    'high',
    'takes a recipient of the agent\u2019s choice',
  ),
  property(
    /^(?:cluster|namespace|replicas|image|kubeconfig|instanceid|region|manifest)$/,
    'infra',
    'medium',
    'names infrastructure',
  ),
  property(/^(?:url|uri|href|endpoint|host|hostname|link|urls)$/, 'browse', 'medium', 'takes an address to reach'),
  property(
    /^(?:path|paths|file|filename|filepath|files|directory|dir|folder|source|destination)$/,
    'file-read',
    'medium',
    'takes a file path',
  ),
];

function property(names: RegExp, actionClass: ActionClass, tier: Tier, says: string): PropertySignal {
  return { names, actionClass, tier, says };
}

/** What a description admits, or what no honest description says. */
export const DESCRIPTION_SIGNALS: readonly { readonly pattern: RegExp; readonly says: string }[] = [
  {
    pattern: /\b(?:shell|system|bash|terminal|arbitrary) (?:command|code|script|sql)s?\b/i,
    says: 'speaks of running commands',
  },
  {
    pattern:
      /\b(?:execut(?:e|es|ing)|runs?|running|evaluat(?:e|es|ing)) (?:\w+ ){0,3}(?:code|commands?|scripts?|javascript|python)\b/i,
    says: 'speaks of running code',
  },
  {
    pattern:
      /\b(?:permanent(?:ly)?|irreversibl[ey]|cannot be undone|destructive|overwrit(?:e|es|ing)|deletes?|destroys?|wipes?)\b/i,
    says: 'speaks of destroying or overwriting',
  },
  {
    pattern: /\b(?:environment variables?|api keys?|credentials?|passwords?|private keys?|secrets?)\b/i,
    says: 'speaks of secrets',
  },
  {
    pattern: /\b(?:transfers? (?:money|funds)|payments?|refunds?|charges? (?:a|the) (?:card|customer))\b/i,
    says: 'speaks of money',
  },
  {
    pattern:
      /<\/?(?:important|system|instructions?)>|\bignore (?:all |any )?(?:previous|prior|other) (?:instructions|tools)\b|\bdo not (?:tell|mention|inform|show)\b|\bbefore using (?:this|any other) tool\b/i,
    says: 'gives the agent instructions, as poisoned tools do',
  },
];
