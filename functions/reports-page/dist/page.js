var ni=new Map;function li(e){let t=ni.get(e);return t||(t=new Intl.DateTimeFormat("en-CA",{timeZone:e,hourCycle:"h23",era:"short",year:"numeric",month:"2-digit",
day:"2-digit",hour:"2-digit",minute:"2-digit",second:"2-digit"}),ni.set(e,t)),t}function Ml(){return Intl.DateTimeFormat().resolvedOptions().timeZone||"UTC"}function Pl(e){
try{return li(e),!0}catch{return!1}}function Yt(e,t){return new Date(Nn(e,t)).toISOString().slice(0,10)}function Ot(e,t){return new Date(Date.parse(e)+t*864e5).
toISOString().slice(0,10)}function qt(e,t){let[l,n]=e.split("-").map(Number);return new Date(Date.UTC(l,n-1+t,1)).toISOString().slice(0,10)}function zn(e,t){return Do(
Date.parse(e),t)}function Nn(e,t){let l=Object.fromEntries(li(t).formatToParts(e).map(n=>[n.type,n.value]));return Date.UTC(+l.year,+l.month-1,+l.day,+l.hour,+l.
minute,+l.second)}function Do(e,t){let l=[-36,0,36].map(r=>{let f=e+r*36e5;return Nn(f,t)-f}),n=l.map(r=>e-r).filter(r=>Nn(r,t)===e);if(n.length>0)return Math.min(
...n);let[s,a]=[e-Math.max(...l),e-Math.min(...l)];for(;a-s>1e3;){let r=Math.floor((s+a)/2e3)*1e3;Nn(r,t)<e?s=r:a=r}return a}var ii=864e5,Ol={"7d":"Last 7 days","30d":"Last 30 days",month:"This month","last-month":"Last month"};function ri(e,t,l){let n=Yt(l,t),s=a=>Ll(zn(a,t),l,t);switch(e){case"\
7d":return s(Ot(n,-6));case"30d":return s(Ot(n,-29));case"month":return s(qt(n,0));case"last-month":return Il(qt(n,-1),Ot(qt(n,0),-1),t)}}function Il(e,t,l){return Ll(
zn(e,l),zn(Ot(t,1),l),l)}function ai(e){let{zone:t}=e,[l,n]=[Date.parse(e.from),Date.parse(e.to)],s=Yt(l,t);if(!ol(l,t))return Ll(l-(n-l),l,t);let{last:a}=Rl(e),
r=ol(n,t),d=s===qt(s,0)&&(r?Ot(a,1)===qt(s,1):a<qt(s,1))?oi(qt(s,-1),s):oi(s,a)+1,m=zn(Ot(s,-d),t),w=r?l:Math.min(Do(Nn(n,t)-d*ii,t),l);return Ll(m,w,t)}function oi(e,t){
return Math.round((Date.parse(t)-Date.parse(e))/ii)}function ol(e,t){return zn(Yt(e,t),t)===e}function Rl({from:e,to:t,zone:l}){return{first:Yt(Date.parse(e),l),
last:Yt(Date.parse(t)-1,l)}}function Eo(e){let{zone:t}=e,[l,n]=[Date.parse(e.from),Date.parse(e.to)],s=new Intl.DateTimeFormat(void 0,{dateStyle:"medium",timeZone:t});
if(ol(l,t)&&ol(n,t))return s.formatRange(l,n-1);let a=new Intl.DateTimeFormat(void 0,{dateStyle:"medium",timeStyle:"short",timeZone:t});return`${(ol(l,t)?s:a).format(
l)} \u2013 ${a.format(n)}`}function Ll(e,t,l){return{from:si(e),to:si(t),zone:l}}function si(e){return new Date(e).toISOString().replace(".000Z","Z")}var Mo="on-demand";function ui(e,t){let l=new URLSearchParams(e),[n,s,a]=[l.get("report"),l.get("period"),l.get("timezone")],[r,f]=[ci(l.get("from")),ci(l.get("\
to"))],d=r!==null&&f!==null;return{report:n===Mo||t.includes(n??"")?n:t[0],choice:d?null:s!==null&&s in Ol?s:"30d",from:d?r:null,to:d?f:null,zone:a!==null&&Pl(a)?
a:Ml(),tenant:l.get("tenant_id"),id:l.get("id")}}function Po({report:e,choice:t,from:l,to:n,zone:s,tenant:a,id:r}){let f=new URLSearchParams({report:e});return t&&
f.set("period",t),l&&n&&(f.set("from",l),f.set("to",n)),f.set("timezone",s),a&&f.set("tenant_id",a),r&&f.set("id",r),`?${f}`}function ci(e){return e!==null&&!Number.
isNaN(Date.parse(e))?e:null}function h(e,t={},...l){let n=document.createElement(e);for(let[s,a]of Object.entries(t))if(!(a==null||a===!1))if(s.startsWith("on"))n.addEventListener(s.slice(
2),a);else if(s==="style")for(let[r,f]of Object.entries(a))n.style.setProperty(r,String(f));else n.setAttribute(s,a===!0?"":String(a));return Se(n,...l),n}function Se(e,...t){
let l=t.flat().filter(n=>n!=null&&n!==!1);e.replaceChildren(...l)}function fi(e){return h("span",{class:"unseen"},e)}var Ya=12;function Kt(e,t,l=[]){let n=t.slice(0,Ya),s=t.length-n.length;return h("figure",{class:"chart"},h("figcaption",{},h("h2",{},e),l.length>0&&h("ul",{class:"\
legend"},l.map(({kind:a,label:r})=>h("li",{},h("span",{class:`swatch ${a}`,"aria-hidden":!0}),r)))),h("ol",{class:"bars"},n.map(a=>h("li",{class:a.isBad?"bad":null},
h("span",{class:"label"},a.label),h("span",{class:"bar","aria-hidden":!0},a.parts.map(r=>h("span",{class:r.kind,title:r.text,style:{"--share":di(r.share)}})),a.
mark===void 0?null:h("span",{class:"mark",style:{"--at":di(a.mark)}})),h("span",{class:"text"},a.text,a.parts.some(r=>r.text)?fi(`: ${a.parts.map(r=>r.text).join(
", ")}`):null)))),s>0&&h("p",{class:"rest"},`The first ${n.length} of ${t.length}; the table has them all.`))}function di(e){return`${Math.min(Math.max(e,0),1)*
100}%`}function zt(e,t){return t>0?e/t:0}var mi=new Intl.NumberFormat,qa=new Intl.NumberFormat(void 0,{maximumFractionDigits:2}),Ka=new Intl.NumberFormat(void 0,{style:"unit",unit:"percent",maximumFractionDigits:2}),
Za=new Intl.NumberFormat(void 0,{style:"unit",unit:"second",unitDisplay:"narrow",maximumFractionDigits:2}),hi={signDisplay:"exceptZero",minimumFractionDigits:2,
maximumFractionDigits:2},Ja=new Intl.NumberFormat(void 0,{style:"unit",unit:"percent",...hi}),Qa=new Intl.NumberFormat(void 0,hi),Xa="\u2013";function me(e,t){if(e==
null)return Xa;switch(t){case"count":return mi.format(e);case"percent":return Ka.format(e);case"seconds":return Za.format(e);case"score":return qa.format(e);case"\
flag":return e?"Yes":"No";default:return String(e)}}function sl(e){return e==="count"||e==="percent"||e==="seconds"||e==="score"}function Fl(e){let t=Math.round(
e);if(t<60)return"";let l=a=>String(a).padStart(2,"0"),[n,s]=[Math.floor(t/3600),Math.floor(t/60)%60];return n>0?`${mi.format(n)}:${l(s)}:${l(t%60)}`:`${s}:${l(
t%60)}`}function gi(e,t,l){let[n,s]=[pi(e),pi(t)];return l==="percent"||l==="score"?(n-s)/100:s===0?n===0?0:null:Number(ec(BigInt(n-s)*10000n,BigInt(s)))/100}function bi(e,t){
return e===null?"up from 0":t==="percent"||t==="score"?`${Qa.format(e)} points`:Ja.format(e)}function pi(e){return Math.round(e*100)}function ec(e,t){let l=2n*e;
return(l+(l<0n?-t:t))/(2n*t)}function Qe(e){return{value:e,measured:!0}}function Xe(e,t){return{value:e,measured:t!==0}}function Lo(e,t,l){return h("dl",{class:"headlines"},e.map(n=>{let s=n.
read(t);return h("div",{class:"card"},h("dt",{},n.label),h("dd",{class:"value"},yi(s,n.unit),n.unit==="seconds"&&s.value?h("small",{},Fl(s.value)):null),h("dd",
{class:"change"},l?tc(n,s,n.read(l)):"\xA0"))}))}function yi({value:e,count:t},l){return t===void 0?me(e,l):`${me(t,"count")} (${me(e,l)})`}function tc({unit:e,
good:t},l,n){let s=h("span",{class:"before"},`before: ${yi(n,e)}`);if(!l.measured||!n.measured||l.value===null||n.value===null)return[h("span",{class:"delta"},"\
no comparison"),s];if(l.value===n.value&&l.count===n.count)return[h("span",{class:"delta"},"no change"),s];let a=l.value>n.value,r=t===null||l.value===n.value?"":
t==="higher"===a?"better":"worse";return[h("span",{class:`delta ${r}`},h("span",{"aria-hidden":!0},l.value===n.value?"":a?"\u25B2 ":"\u25BC "),h("span",{class:"\
difference"},bi(gi(l.value,n.value,e),e)),r&&` ${r}`),s]}var Oo=["busy","wrap","available","break"],wi={name:"agents",title:"Agents",metrics:()=>[{label:"Calls",unit:"count",good:null,read:({totals:e})=>Qe(e.calls)},{
label:"Talk time",unit:"seconds",good:null,read:({totals:e})=>Qe(e.talk_secs)},{label:"Occupancy",unit:"percent",good:null,read:({totals:e})=>Xe(e.occupancy,e.available_secs+
e.busy_secs+e.wrap_secs)},{label:"QA average",unit:"score",good:"higher",read:({totals:e})=>Xe(e.qa_avg_score,e.qa_avg_score===null?0:1)}],isEmpty:({rows:e})=>e.
length===0,nothing:"There is no agent yet. The dialer makes them.",chart({rows:e}){let t=n=>Oo.reduce((s,a)=>s+n[`${a}_secs`],0),l=[...e].sort((n,s)=>t(s)-t(n)).
map(n=>({label:n.agent,text:`${me(n.occupancy,"percent")} occupancy`,parts:Oo.map(s=>({share:zt(n[`${s}_secs`],t(n)),kind:s,text:`${s} ${me(n[`${s}_secs`],"seco\
nds")}`}))}));return Kt("Time signed in, by state",l,Oo.map(n=>({kind:n,label:n})))},tables:({rows:e,totals:t})=>[{caption:"By agent",section:null,rows:e,totals:{
agent:"All agents",...t},columns:[{key:"agent",label:"Agent",unit:"text"},{key:"state",label:"State now",unit:"text"},{key:"state_since",label:"Since",unit:"ins\
tant"},{key:"calls",label:"Calls",unit:"count"},{key:"talk_secs",label:"Talk time",unit:"seconds"},{key:"available_secs",label:"Available",unit:"seconds"},{key:"\
busy_secs",label:"Busy",unit:"seconds"},{key:"wrap_secs",label:"Wrap",unit:"seconds"},{key:"break_secs",label:"Break",unit:"seconds"},{key:"offline_secs",label:"\
Offline",unit:"seconds"},{key:"occupancy",label:"Occupancy",unit:"percent"},{key:"qa_evaluations",label:"Evaluations",unit:"count"},{key:"qa_avg_score",label:"Q\
A average",unit:"score"}]}]};var Zt=JSON.parse(document.getElementById("settings")?.textContent??"{}").issuers??[],Fo="callmetry.token",Ro="callmetry.pending",Nl="callmetry.left";function il(){
return sessionStorage.getItem(Fo)}function No(e){sessionStorage.removeItem(Nl),sessionStorage.setItem(Fo,e)}function rl(){sessionStorage.removeItem(Fo),sessionStorage.
setItem(Nl,"yes")}function _i(){return Zt.length===1&&sessionStorage.getItem(Nl)===null}function ki(){return location.origin+location.pathname}async function zl(e){
let[t,l,n]=[Io(),Io(),Io()],s={issuer:e.issuer,client_id:e.client_id,verifier:t,state:l,nonce:n,search:location.search};sessionStorage.setItem(Ro,JSON.stringify(
s));let a=new URL(e.authorization_endpoint),r=vi(new Uint8Array(await crypto.subtle.digest("SHA-256",new TextEncoder().encode(t)))),f={response_type:"code",client_id:e.
client_id,redirect_uri:ki(),scope:e.scope,state:l,nonce:n,code_challenge:r,code_challenge_method:"S256"};for(let[d,m]of Object.entries(f))a.searchParams.set(d,m);
e.takes_id_token||a.searchParams.set("audience",e.audience),sessionStorage.getItem(Nl)!==null&&a.searchParams.set("prompt","select_account"),location.assign(a)}
async function Si(){let e=new URLSearchParams(location.search);if(!e.has("state")||!(e.has("code")||e.has("error")))return null;let t=JSON.parse(sessionStorage.
getItem(Ro)??"{}");sessionStorage.removeItem(Ro),history.replaceState(null,"",location.pathname+(t.search??""));let l=Zt.find(s=>s.issuer===t.issuer&&s.client_id===
t.client_id),n=e.has("iss")&&e.get("iss")!==t.issuer;if(!l||n||e.get("state")!==t.state)return"The answer of the identity provider does not belong to this tab. \
Sign in again.";if(e.has("error"))return`The identity provider says: ${e.get("error_description")||e.get("error")}.`;try{let s=await fetch(l.token_endpoint,{method:"\
POST",body:new URLSearchParams({grant_type:"authorization_code",code:e.get("code")??"",redirect_uri:ki(),client_id:l.client_id,code_verifier:t.verifier})});if(!s.
ok)return`The identity provider refused the code, with the status ${s.status}. Sign in again.`;let a=await s.json();if(a.id_token&&nc(a.id_token).nonce!==t.nonce)
return"The identity provider answered another question. Sign in again.";let r=l.takes_id_token?a.id_token:a.access_token;return typeof r!="string"?"The identity\
 provider gave no token. Tell whoever runs this page.":(No(r),null)}catch{return"The identity provider cannot be reached. Try again in a moment."}}function nc(e){
try{return JSON.parse(atob(e.split(".")[1].replaceAll("-","+").replaceAll("_","/")))}catch{return{}}}function Io(){return vi(crypto.getRandomValues(new Uint8Array(
32)))}function vi(e){return btoa(String.fromCharCode(...e)).replaceAll("+","-").replaceAll("/","_").replaceAll("=","")}var lc=2500,oc=4,Ce=class extends Error{constructor(t,l,n=[],s=""){super(l),this.status=t,this.errors=n,this.requestId=s}};async function $l(e,{signal:t,onSlow:l,
body:n,headers:s={}}={}){let a=new URL(`api/v1/${e}`,new URL(".",location.href)),r=il(),f=l&&setTimeout(l,lc);try{for(let d=oc;;d-=1){let m=await sc(a,{method:n===
void 0?"GET":"POST",body:n===void 0?void 0:JSON.stringify(n),headers:{Authorization:`Bearer ${r}`,...s},cache:"no-store",credentials:"omit",signal:t});if(m.ok)return m;
if(m.status!==503||d===1)throw await ic(m);l?.(),await rc(Number(m.headers.get("Retry-After"))||3,t)}}finally{clearTimeout(f)}}async function St(e,t){return(await $l(
e,{...t,headers:{Accept:"application/json",...t?.headers}})).json()}async function xi(e,t){let l=await $l(e,t),n=/filename="([^"]+)"/.exec(l.headers.get("Conten\
t-Disposition")??"")?.[1];$o(await l.blob(),n??"report")}function $o(e,t){let l=document.createElement("a");l.href=URL.createObjectURL(e),l.download=t,l.click(),
setTimeout(()=>URL.revokeObjectURL(l.href),6e4)}async function sc(e,t){try{return await fetch(e,t)}catch(l){throw t.signal?.aborted?l:new Ce(0,"The service cann\
ot be reached. Is there a connection?")}}async function ic(e){let t=await e.json().catch(()=>({}));return new Ce(e.status,t.detail??t.message??e.statusText,t.errors,
t.request_id)}function rc(e,t){return new Promise((l,n)=>{let s=setTimeout(l,e*1e3);t?.addEventListener("abort",()=>{clearTimeout(s),n(t.reason)})})}var ac="uplot",cc="u-hz",uc="u-vt",fc="u-title",dc="u-wrap",pc="u-under",mc="u-over",hc="u-axis",dn="u-off",gc="u-select",bc="u-cursor-x",yc="u-cursor-y",wc="u-\
cursor-pt",_c="u-legend",kc="u-live",Sc="u-inline",vc="u-series",xc="u-marker",Ti="u-label",Tc="u-value",ul="width",fl="height";var Ai="bottom",$n="left",Vo="right",ls="#000",Ci=ls+"0",Ho="mousemove",Di="mousedown",Uo="mouseup",Ei="mouseenter",Mi="mouseleave",Pi="dblclick",Ac="resize",Cc="\
scroll",Li="change",Wl="dppxchange",os="--",jn=typeof window<"u",Yo=jn?document:null,Hn=jn?window:null,Dc=jn?navigator:null,ie,Vl;function qo(){let e=devicePixelRatio;
ie!=e&&(ie=e,Vl&&Zo(Li,Vl,qo),Vl=matchMedia(`(min-resolution: ${ie-.001}dppx) and (max-resolution: ${ie+.001}dppx)`),pn(Li,Vl,qo),Hn.dispatchEvent(new CustomEvent(
Wl)))}function st(e,t){if(t!=null){let l=e.classList;!l.contains(t)&&l.add(t)}}function Ko(e,t){let l=e.classList;l.contains(t)&&l.remove(t)}function ye(e,t,l){
e.style[t]=l+"px"}function vt(e,t,l,n){let s=Yo.createElement(e);return t!=null&&st(s,t),l?.insertBefore(s,n),s}function ht(e,t){return vt("div",e,t)}var Oi=new WeakMap;
function It(e,t,l,n,s){let a="translate("+t+"px,"+l+"px)",r=Oi.get(e);a!=r&&(e.style.transform=a,Oi.set(e,a),t<0||l<0||t>n||l>s?st(e,dn):Ko(e,dn))}var Ii=new WeakMap;
function Ri(e,t,l){let n=t+l,s=Ii.get(e);n!=s&&(Ii.set(e,n),e.style.background=t,e.style.borderColor=l)}var Fi=new WeakMap;function Ni(e,t,l,n){let s=t+""+l,a=Fi.
get(e);s!=a&&(Fi.set(e,s),e.style.height=l+"px",e.style.width=t+"px",e.style.marginLeft=n?-t/2+"px":0,e.style.marginTop=n?-l/2+"px":0)}var ss={passive:!0},Ec={...ss,
capture:!0};function pn(e,t,l,n){t.addEventListener(e,l,n?Ec:ss)}function Zo(e,t,l,n){t.removeEventListener(e,l,ss)}jn&&qo();function xt(e,t,l,n){let s;l=l||0,n=
n||t.length-1;let a=n<=2147483647;for(;n-l>1;)s=a?l+n>>1:it((l+n)/2),t[s]<e?l=s:n=s;return e-t[l]<=t[n]-e?l:n}function fr(e){return(l,n,s)=>{let a=-1,r=-1;for(let f=n;f<=
s;f++)if(e(l[f])){a=f;break}for(let f=s;f>=n;f--)if(e(l[f])){r=f;break}return[a,r]}}var dr=e=>e!=null,pr=e=>e!=null&&e>0,Yl=fr(dr),Mc=fr(pr);function Pc(e,t,l,n=0,s=!1){
let a=s?Mc:Yl,r=s?pr:dr;[t,l]=a(e,t,l);let f=e[t],d=e[t];if(t>-1)if(n==1)f=e[t],d=e[l];else if(n==-1)f=e[l],d=e[t];else for(let m=t;m<=l;m++){let w=e[m];r(w)&&(w<
f?f=w:w>d&&(d=w))}return[f??fe,d??-fe]}function ql(e,t,l,n){let s=Vi(e),a=Vi(t);e==t&&(s==-1?(e*=l,t/=l):(e/=l,t*=l));let r=l==10?$t:mr,f=s==1?it:gt,d=a==1?gt:it,
m=f(r(Le(e))),w=d(r(Le(t))),g=Un(l,m),y=Un(l,w);return l==10&&(m<0&&(g=de(g,-m)),w<0&&(y=de(y,-w))),n||l==2?(e=g*s,t=y*a):(e=yr(e,g),t=Kl(t,y)),[e,t]}function is(e,t,l,n){
let s=ql(e,t,l,n);return e==0&&(s[0]=0),t==0&&(s[1]=0),s}var rs=.1,zi={mode:3,pad:rs},pl={pad:0,soft:null,mode:0},Lc={min:pl,max:pl};function Gl(e,t,l,n){return Zl(
l)?$i(e,t,l):(pl.pad=l,pl.soft=n?0:null,pl.mode=n?3:0,$i(e,t,Lc))}function oe(e,t){return e??t}function Oc(e,t,l){for(t=oe(t,0),l=oe(l,e.length-1);t<=l;){if(e[t]!=
null)return!0;t++}return!1}function $i(e,t,l){let n=l.min,s=l.max,a=oe(n.pad,0),r=oe(s.pad,0),f=oe(n.hard,-fe),d=oe(s.hard,fe),m=oe(n.soft,fe),w=oe(s.soft,-fe),
g=oe(n.mode,0),y=oe(s.mode,0),v=t-e,k=$t(v),x=qe(Le(e),Le(t)),O=$t(x),U=Le(O-k);(v<1e-24||U>10)&&(v=0,(e==0||t==0)&&(v=1e-24,g==2&&m!=fe&&(a=0),y==2&&w!=-fe&&(r=
0)));let A=v||x||1e3,V=$t(A),C=Un(10,it(V)),K=A*(v==0?e==0?.1:1:a),I=de(yr(e-K,C/10),24),Z=e>=m&&(g==1||g==3&&I<=m||g==2&&I>=m)?m:fe,j=qe(f,I<Z&&e>=Z?Z:Tt(Z,I)),
X=A*(v==0?t==0?.1:1:r),G=de(Kl(t+X,C/10),24),D=t<=w&&(y==1||y==3&&G>=w||y==2&&G<=w)?w:-fe,q=Tt(d,G>D&&t<=D?D:qe(D,G));return j==q&&j==0&&(q=100),[j,q]}var Ic=new Intl.
NumberFormat(jn?Dc.language:"en-US"),as=e=>Ic.format(e),rt=Math,Bl=rt.PI,Le=rt.abs,it=rt.floor,Pe=rt.round,gt=rt.ceil,Tt=rt.min,qe=rt.max,Un=rt.pow,Vi=rt.sign,$t=rt.
log10,mr=rt.log2,Rc=(e,t=1)=>rt.sinh(e)*t,Bo=(e,t=1)=>rt.asinh(e/t),fe=1/0;function Hi(e){return($t((e^e>>31)-(e>>31))|0)+1}function Jo(e,t,l){return Tt(qe(e,t),
l)}function hr(e){return typeof e=="function"}function ee(e){return hr(e)?e:()=>e}var Fc=()=>{},gr=e=>e,br=(e,t)=>t,Nc=e=>null,Ui=e=>!0,Bi=(e,t)=>e==t,zc=/\.\d*?(?=9{6,}|0{6,})/gm,
mn=e=>{if(_r(e)||Qt.has(e))return e;let t=`${e}`,l=t.match(zc);if(l==null)return e;let n=l[0].length-1;if(t.indexOf("e-")!=-1){let[s,a]=t.split("e");return+`${mn(
s)}e${a}`}return de(e,n)};function un(e,t){return mn(de(mn(e/t))*t)}function Kl(e,t){return mn(gt(mn(e/t))*t)}function yr(e,t){return mn(it(mn(e/t))*t)}function de(e,t=0){
if(_r(e))return e;let l=10**t,n=e*l*(1+Number.EPSILON);return Pe(n)/l}var Qt=new Map;function wr(e){return((""+e).split(".")[1]||"").length}function hl(e,t,l,n){
let s=[],a=n.map(wr);for(let r=t;r<l;r++){let f=Le(r),d=de(Un(e,r),f);for(let m=0;m<n.length;m++){let w=e==10?+`${n[m]}e${r}`:n[m]*d,g=(r>=0?0:f)+(r>=a[m]?0:a[m]),
y=e==10?w:de(w,g);s.push(y),Qt.set(y,g)}}return s}var ml={},cs=[],Bn=[null,null],Jt=Array.isArray,_r=Number.isInteger,$c=e=>e===void 0;function Wi(e){return typeof e==
"string"}function Zl(e){let t=!1;if(e!=null){let l=e.constructor;t=l==null||l==Object}return t}function Vc(e){return e!=null&&typeof e=="object"}var Hc=Object.getPrototypeOf(
Uint8Array),kr="__proto__";function Wn(e,t=Zl){let l;if(Jt(e)){let n=e.find(s=>s!=null);if(Jt(n)||t(n)){l=Array(e.length);for(let s=0;s<e.length;s++)l[s]=Wn(e[s],
t)}else l=e.slice()}else if(e instanceof Hc)l=e.slice();else if(t(e)){l={};for(let n in e)n!=kr&&(l[n]=Wn(e[n],t))}else l=e;return l}function De(e){let t=arguments;
for(let l=1;l<t.length;l++){let n=t[l];for(let s in n)s!=kr&&(Zl(e[s])?De(e[s],Wn(n[s])):e[s]=Wn(n[s]))}return e}var Uc=0,Bc=1,Wc=2;function Gc(e,t,l){for(let n=0,
s,a=-1;n<t.length;n++){let r=t[n];if(r>a){for(s=r-1;s>=0&&e[s]==null;)e[s--]=null;for(s=r+1;s<l&&e[s]==null;)e[a=s++]=null}}}function jc(e,t){if(Kc(e)){let r=e[0].
slice();for(let f=1;f<e.length;f++)r.push(...e[f].slice(1));return Zc(r[0])||(r=qc(r)),r}let l=new Set;for(let r=0;r<e.length;r++){let d=e[r][0],m=d.length;for(let w=0;w<
m;w++)l.add(d[w])}let n=[Array.from(l).sort((r,f)=>r-f)],s=n[0].length,a=new Map;for(let r=0;r<s;r++)a.set(n[0][r],r);for(let r=0;r<e.length;r++){let f=e[r],d=f[0];
for(let m=1;m<f.length;m++){let w=f[m],g=Array(s).fill(void 0),y=t?t[r][m]:Bc,v=[];for(let k=0;k<w.length;k++){let x=w[k],O=a.get(d[k]);x===null?y!=Uc&&(g[O]=x,
y==Wc&&v.push(O)):g[O]=x}Gc(g,v,s),n.push(g)}}return n}var Yc=typeof queueMicrotask>"u"?e=>Promise.resolve().then(e):queueMicrotask;function qc(e){let t=e[0],l=t.
length,n=Array(l);for(let a=0;a<n.length;a++)n[a]=a;n.sort((a,r)=>t[a]-t[r]);let s=[];for(let a=0;a<e.length;a++){let r=e[a],f=Array(l);for(let d=0;d<l;d++)f[d]=
r[n[d]];s.push(f)}return s}function Kc(e){let t=e[0][0],l=t.length;for(let n=1;n<e.length;n++){let s=e[n][0];if(s.length!=l)return!1;if(s!=t){for(let a=0;a<l;a++)
if(s[a]!=t[a])return!1}}return!0}function Zc(e,t=100){let l=e.length;if(l<=1)return!0;let n=0,s=l-1;for(;n<=s&&e[n]==null;)n++;for(;s>=n&&e[s]==null;)s--;if(s<=
n)return!0;let a=qe(1,it((s-n+1)/t));for(let r=e[n],f=n+a;f<=s;f+=a){let d=e[f];if(d!=null){if(d<=r)return!1;r=d}}return!0}var Sr=["January","February","March",
"April","May","June","July","August","September","October","November","December"],vr=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function xr(e){
return e.slice(0,3)}var Jc=vr.map(xr),Qc=Sr.map(xr),Xc={MMMM:Sr,MMM:Qc,WWWW:vr,WWW:Jc};function cl(e){return(e<10?"0":"")+e}function eu(e){return(e<10?"00":e<100?
"0":"")+e}var tu={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+"").slice(2),MMMM:(e,t)=>t.MMMM[e.getMonth()],MMM:(e,t)=>t.MMM[e.getMonth()],MM:e=>cl(e.getMonth()+
1),M:e=>e.getMonth()+1,DD:e=>cl(e.getDate()),D:e=>e.getDate(),WWWW:(e,t)=>t.WWWW[e.getDay()],WWW:(e,t)=>t.WWW[e.getDay()],HH:e=>cl(e.getHours()),H:e=>e.getHours(),
h:e=>{let t=e.getHours();return t==0?12:t>12?t-12:t},AA:e=>e.getHours()>=12?"PM":"AM",aa:e=>e.getHours()>=12?"pm":"am",a:e=>e.getHours()>=12?"p":"a",mm:e=>cl(e.
getMinutes()),m:e=>e.getMinutes(),ss:e=>cl(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>eu(e.getMilliseconds())};function us(e,t){t=t||Xc;let l=[],n=/\{([a-z]+)\}|[^{]+/gi,
s;for(;s=n.exec(e);)l.push(s[0][0]=="{"?tu[s[1]]:s[0]);return a=>{let r="";for(let f=0;f<l.length;f++)r+=typeof l[f]=="string"?l[f]:l[f](a,t);return r}}var nu=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function lu(e,t){let l;return t=="UTC"||t=="Etc/UTC"?l=new Date(+e+e.getTimezoneOffset()*6e4):t==nu?l=e:(l=new Date(
e.toLocaleString("en-US",{timeZone:t})),l.setMilliseconds(e.getMilliseconds())),l}var Tr=e=>e%1==0,jl=[1,2,2.5,5],ou=hl(10,-32,0,jl),Ar=hl(10,0,32,jl),su=Ar.filter(
Tr),fn=ou.concat(Ar),fs=`
`,Cr="{YYYY}",Gi=fs+Cr,Dr="{M}/{D}",dl=fs+Dr,Hl=dl+"/{YY}",Er="{aa}",iu="{h}:{mm}",Vn=iu+Er,ji=fs+Vn,Yi=":{ss}",ae=null;function Mr(e){let t=e*1e3,l=t*60,n=l*60,
s=n*24,a=s*30,r=s*365,d=(e==1?hl(10,0,3,jl).filter(Tr):hl(10,-3,0,jl)).concat([t,t*5,t*10,t*15,t*30,l,l*5,l*10,l*15,l*30,n,n*2,n*3,n*4,n*6,n*8,n*12,s,s*2,s*3,s*
4,s*5,s*6,s*7,s*8,s*9,s*10,s*15,a,a*2,a*3,a*4,a*6,r,r*2,r*5,r*10,r*25,r*50,r*100]),m=[[r,Cr,ae,ae,ae,ae,ae,ae,1],[s*28,"{MMM}",Gi,ae,ae,ae,ae,ae,1],[s,Dr,Gi,ae,
ae,ae,ae,ae,1],[n,"{h}"+Er,Hl,ae,dl,ae,ae,ae,1],[l,Vn,Hl,ae,dl,ae,ae,ae,1],[t,Yi,Hl+" "+Vn,ae,dl+" "+Vn,ae,ji,ae,1],[e,Yi+".{fff}",Hl+" "+Vn,ae,dl+" "+Vn,ae,ji,
ae,1]];function w(g){return(y,v,k,x,O,U)=>{let A=[],V=O>=r,C=O>=a&&O<r,K=g(k),I=de(K*e,3),Z=Wo(K.getFullYear(),V?0:K.getMonth(),C||V?1:K.getDate()),j=de(Z*e,3);
if(C||V){let X=C?O/a:0,G=V?O/r:0,D=I==j?I:de(Wo(Z.getFullYear()+G,Z.getMonth()+X,1)*e,3),q=new Date(Pe(D/e)),R=q.getFullYear(),B=q.getMonth();for(let $=0;D<=x;$++){
let te=Wo(R+G*$,B+X*$,1),z=te-g(de(te*e,3));D=de((+te+z)*e,3),D<=x&&A.push(D)}}else{let X=O>=s?s:O,G=it(k)-it(I),D=j+G+Kl(I-j,X);A.push(D);let q=g(D),R=q.getHours()+
q.getMinutes()/l+q.getSeconds()/n,B=O/n,$=y.axes[v]._space,te=U/$;for(;D=de(D+O,e==1?0:3),!(D>x);)if(B>1){let z=it(de(R+B,6))%24,ne=g(D).getHours()-z;ne>1&&(ne=
-1),D-=ne*n,R=(R+B)%24;let ce=A[A.length-1];de((D-ce)/O,3)*te>=.7&&A.push(D)}else A.push(D)}return A}}return[d,m,w]}var[ru,au,cu]=Mr(1),[uu,fu,du]=Mr(.001);hl(2,
-53,53,[1]);function qi(e,t){return e.map(l=>l.map((n,s)=>s==0||s==8||n==null?n:t(s==1||l[8]==0?n:l[1]+n)))}function Ki(e,t){return(l,n,s,a,r)=>{let f=t.find(k=>r>=
k[0])||t[t.length-1],d,m,w,g,y,v;return n.map(k=>{let x=e(k),O=x.getFullYear(),U=x.getMonth(),A=x.getDate(),V=x.getHours(),C=x.getMinutes(),K=x.getSeconds(),I=O!=
d&&f[2]||U!=m&&f[3]||A!=w&&f[4]||V!=g&&f[5]||C!=y&&f[6]||K!=v&&f[7]||f[1];return d=O,m=U,w=A,g=V,y=C,v=K,I(x)})}}function pu(e,t){let l=us(t);return(n,s,a,r,f)=>s.
map(d=>l(e(d)))}function Wo(e,t,l){return new Date(e,t,l)}function Zi(e,t){return t(e)}var mu="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function Ji(e,t){return(l,n,s,a)=>a==
null?os:t(e(n))}function hu(e,t){let l=e.series[t];return l.width?l.stroke(e,t):l.points.width?l.points.stroke(e,t):null}function gu(e,t){return e.series[t].fill(
e,t)}var bu={show:!0,live:!0,isolate:!1,mount:Fc,markers:{show:!0,width:2,stroke:hu,fill:gu,dash:"solid"},idx:null,idxs:null,values:[]};function yu(e,t){let l=e.
cursor.points,n=ht(),s=l.size(e,t);ye(n,ul,s),ye(n,fl,s);let a=s/-2;ye(n,"marginLeft",a),ye(n,"marginTop",a);let r=l.width(e,t,s);return r&&ye(n,"borderWidth",r),
n}function wu(e,t){let l=e.series[t].points;return l._fill||l._stroke}function _u(e,t){let l=e.series[t].points;return l._stroke||l._fill}function ku(e,t){return e.
series[t].points.size}var Go=[0,0];function Su(e,t,l){return Go[0]=t,Go[1]=l,Go}function Ul(e,t,l,n=!0){return s=>{s.button==0&&(!n||s.target==t)&&l(s)}}function jo(e,t,l,n=!0){
return s=>{(!n||s.target==t)&&l(s)}}var vu={show:!0,x:!0,y:!0,lock:!1,move:Su,points:{one:!1,show:yu,size:ku,width:0,stroke:_u,fill:wu},bind:{mousedown:Ul,mouseup:Ul,
click:Ul,dblclick:Ul,mousemove:jo,mouseleave:jo,mouseenter:jo},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,t)=>{t.stopPropagation(),t.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(e,t,l,n,s)=>n-s,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},Pr={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},ds=De({},Pr,{filter:br}),Lr=De({},ds,{size:10}),Or=De({},Pr,{show:!1}),ps='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',Ir="bold "+ps,Rr=1.5,Qi={
show:!0,scale:"x",stroke:ls,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Ir,side:2,grid:ds,ticks:Lr,border:Or,font:ps,lineGap:Rr,rotate:0},
xu="Value",Tu="Time",Xi={show:!0,scale:"x",auto:!1,sorted:1,min:fe,max:-fe,idxs:[]};function Au(e,t,l,n,s){return t.map(a=>a==null?"":as(a))}function Cu(e,t,l,n,s,a,r){
let f=[],d=Qt.get(s)||0;l=r?l:de(Kl(l,s),d);for(let m=l;m<=n;m=de(m+s,d))f.push(Object.is(m,-0)?0:m);return f}function Qo(e,t,l,n,s,a,r){let f=[],d=e.scales[e.axes[t].
scale].log,m=d==10?$t:mr,w=it(m(l));s=Un(d,w),d==10&&(s=fn[xt(s,fn)]);let g=l,y=s*d;d==10&&(y=fn[xt(y,fn)]);do f.push(g),g=g+s,d==10&&!Qt.has(g)&&(g=de(g,Qt.get(
s))),g>=y&&(s=g,y=s*d,d==10&&(y=fn[xt(y,fn)]));while(g<=n);return f}function Du(e,t,l,n,s,a,r){let d=e.scales[e.axes[t].scale].asinh,m=n>d?Qo(e,t,qe(d,l),n,s):[
d],w=n>=0&&l<=0?[0]:[];return(l<-d?Qo(e,t,qe(d,-n),-l,s):[d]).reverse().map(y=>-y).concat(w,m)}var Fr=/./,Eu=/[12357]/,Mu=/[125]/,er=/1/,Xo=(e,t,l,n)=>e.map((s,a)=>t==
4&&s==0||a%n==0&&l.test(s.toExponential()[s<0?1:0])?s:null);function Pu(e,t,l,n,s){let a=e.axes[l],r=a.scale,f=e.scales[r],d=e.valToPos,m=a._space,w=d(10,r),g=d(
9,r)-w>=m?Fr:d(7,r)-w>=m?Eu:d(5,r)-w>=m?Mu:er;if(g==er){let y=Le(d(1,r)-w);if(y<m)return Xo(t.slice().reverse(),f.distr,g,gt(m/y)).reverse()}return Xo(t,f.distr,
g,1)}function Lu(e,t,l,n,s){let a=e.axes[l],r=a.scale,f=a._space,d=e.valToPos,m=Le(d(1,r)-d(2,r));return m<f?Xo(t.slice().reverse(),3,Fr,gt(f/m)).reverse():t}function Ou(e,t,l,n){
return n==null?os:t==null?"":as(t)}var tr={show:!0,scale:"y",stroke:ls,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Ir,side:3,grid:ds,ticks:Lr,
border:Or,font:ps,lineGap:Rr,rotate:0};function Iu(e,t){let l=3+(e||1)*2;return de(l*t,3)}function Ru(e,t){let{scale:l,idxs:n}=e.series[0],s=e._data[0],a=e.valToPos(
s[n[0]],l,!0),r=e.valToPos(s[n[1]],l,!0),f=Le(r-a),d=e.series[t],m=f/(d.points.space*ie);return n[1]-n[0]<=m}var nr={scale:null,auto:!0,sorted:0,min:fe,max:-fe},
Nr=(e,t,l,n,s)=>s,lr={show:!0,auto:!0,sorted:0,gaps:Nr,alpha:1,facets:[De({},nr,{scale:"x"}),De({},nr,{scale:"y"})]},or={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:Nr,alpha:1,points:{show:Ru,filter:null},values:null,min:fe,max:-fe,idxs:[],path:null,clip:null};function Fu(e,t,l,n,s){return l/10}var zr={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Nu=De({},zr,{time:!1,ori:1}),sr={};function $r(e,t){let l=sr[e];return l||(l={key:e,plots:[],sub(n){l.plots.
push(n)},unsub(n){l.plots=l.plots.filter(s=>s!=n)},pub(n,s,a,r,f,d,m){for(let w=0;w<l.plots.length;w++)l.plots[w]!=s&&l.plots[w].pub(n,s,a,r,f,d,m)}},e!=null&&(sr[e]=
l)),l}var Gn=1,es=2;function hn(e,t,l){let n=e.mode,s=e.series[t],a=n==2?e._data[t]:e._data,r=e.scales,f=e.bbox,d=a[0],m=n==2?a[1]:a[t],w=n==2?r[s.facets[0].scale]:
r[e.series[0].scale],g=n==2?r[s.facets[1].scale]:r[s.scale],y=f.left,v=f.top,k=f.width,x=f.height,O=e.valToPosH,U=e.valToPosV;return w.ori==0?l(s,d,m,w,g,O,U,y,
v,k,x,Ql,Yn,eo,Hr,Br):l(s,d,m,w,g,U,O,v,y,x,k,Xl,qn,gs,Ur,Wr)}function ms(e,t){let l=0,n=0,s=oe(e.bands,cs);for(let a=0;a<s.length;a++){let r=s[a];r.series[0]==
t?l=r.dir:r.series[1]==t&&(r.dir==1?n|=1:n|=2)}return[l,n==1?-1:n==2?1:n==3?2:0]}function zu(e,t,l,n,s){let a=e.mode,r=e.series[t],f=a==2?r.facets[1].scale:r.scale,
d=e.scales[f];return s==-1?d.min:s==1?d.max:d.distr==3?d.dir==1?d.min:d.max:0}function Vt(e,t,l,n,s,a){return hn(e,t,(r,f,d,m,w,g,y,v,k,x,O)=>{let U=r.pxRound,A=m.
dir*(m.ori==0?1:-1),V=m.ori==0?Yn:qn,C,K;A==1?(C=l,K=n):(C=n,K=l);let I=U(g(f[C],m,x,v)),Z=U(y(d[C],w,O,k)),j=U(g(f[K],m,x,v)),X=U(y(a==1?w.max:w.min,w,O,k)),G=new Path2D(
s);return V(G,j,X),V(G,I,X),V(G,I,Z),G})}function Jl(e,t,l,n,s,a){let r=null;if(e.length>0){r=new Path2D;let f=t==0?eo:gs,d=l;for(let g=0;g<e.length;g++){let y=e[g];
if(y[1]>y[0]){let v=y[0]-d;v>0&&f(r,d,n,v,n+a),d=y[1]}}let m=l+s-d,w=10;m>0&&f(r,d,n-w/2,m,n+a+w)}return r}function $u(e,t,l){let n=e[e.length-1];n&&n[0]==t?n[1]=
l:e.push([t,l])}function hs(e,t,l,n,s,a,r){let f=[],d=e.length;for(let m=s==1?l:n;m>=l&&m<=n;m+=s)if(t[m]===null){let g=m,y=m;if(s==1)for(;++m<=n&&t[m]===null;)
y=m;else for(;--m>=l&&t[m]===null;)y=m;let v=a(e[g]),k=y==g?v:a(e[y]),x=g-s;v=r<=0&&x>=0&&x<d?a(e[x]):v;let U=y+s;k=r>=0&&U>=0&&U<d?a(e[U]):k,k>=v&&f.push([v,k])}
return f}function ir(e){return e==0?gr:e==1?Pe:t=>un(t,e)}function Vr(e){let t=e==0?Ql:Xl,l=e==0?(s,a,r,f,d,m)=>{s.arcTo(a,r,f,d,m)}:(s,a,r,f,d,m)=>{s.arcTo(r,a,
d,f,m)},n=e==0?(s,a,r,f,d)=>{s.rect(a,r,f,d)}:(s,a,r,f,d)=>{s.rect(r,a,d,f)};return(s,a,r,f,d,m=0,w=0)=>{m==0&&w==0?n(s,a,r,f,d):(m=Tt(m,f/2,d/2),w=Tt(w,f/2,d/2),
t(s,a+m,r),l(s,a+f,r,a+f,r+d,m),l(s,a+f,r+d,a,r+d,w),l(s,a,r+d,a,r,w),l(s,a,r,a+f,r,m),s.closePath())}}var Ql=(e,t,l)=>{e.moveTo(t,l)},Xl=(e,t,l)=>{e.moveTo(l,t)},
Yn=(e,t,l)=>{e.lineTo(t,l)},qn=(e,t,l)=>{e.lineTo(l,t)},eo=Vr(0),gs=Vr(1),Hr=(e,t,l,n,s,a)=>{e.arc(t,l,n,s,a)},Ur=(e,t,l,n,s,a)=>{e.arc(l,t,n,s,a)},Br=(e,t,l,n,s,a,r)=>{
e.bezierCurveTo(t,l,n,s,a,r)},Wr=(e,t,l,n,s,a,r)=>{e.bezierCurveTo(l,t,s,n,r,a)};function Gr(e){return(t,l,n,s,a)=>hn(t,l,(r,f,d,m,w,g,y,v,k,x,O)=>{let{pxRound:U,
points:A}=r,V,C;m.ori==0?(V=Ql,C=Hr):(V=Xl,C=Ur);let K=de(A.width*ie,3),I=(A.size-A.width)/2*ie,Z=de(I*2,3),j=new Path2D,X=new Path2D,{left:G,top:D,width:q,height:R}=t.
bbox;eo(X,G-Z,D-Z,q+Z*2,R+Z*2);let B=$=>{if(d[$]!=null){let te=U(g(f[$],m,x,v)),z=U(y(d[$],w,O,k));V(j,te+I,z),C(j,te,z,I,0,Bl*2)}};if(a)a.forEach(B);else for(let $=n;$<=
s;$++)B($);return{stroke:K>0?j:null,fill:j,clip:X,flags:Gn|es}})}function jr(e){return(t,l,n,s,a,r)=>{n!=s&&(a!=n&&r!=n&&e(t,l,n),a!=s&&r!=s&&e(t,l,s),e(t,l,r))}}
var Vu=jr(Yn),Hu=jr(qn);function Yr(e){let t=oe(e?.alignGaps,0);return(l,n,s,a)=>hn(l,n,(r,f,d,m,w,g,y,v,k,x,O)=>{[s,a]=Yl(d,s,a);let U=r.pxRound,A=R=>U(g(R,m,x,
v)),V=R=>U(y(R,w,O,k)),C,K;m.ori==0?(C=Yn,K=Vu):(C=qn,K=Hu);let I=m.dir*(m.ori==0?1:-1),Z={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Gn},j=Z.
stroke,X=!1;if(a-s>=x*4){let R=F=>l.posToVal(F,m.key,!0),B=null,$=null,te,z,Ke,we=A(f[I==1?s:a]),ne=A(f[s]),ce=A(f[a]),J=R(I==1?ne+1:ce-1);for(let F=I==1?s:a;F>=
s&&F<=a;F+=I){let Ee=f[F],_e=(I==1?Ee<J:Ee>J)?we:A(Ee),re=d[F];_e==we?re!=null?(z=re,B==null?(C(j,_e,V(z)),te=B=$=z):z<B?B=z:z>$&&($=z)):re===null&&(X=!0):(B!=null&&
K(j,we,V(B),V($),V(te),V(z)),re!=null?(z=re,C(j,_e,V(z)),B=$=te=z):(B=$=null,re===null&&(X=!0)),we=_e,J=R(we+I))}B!=null&&B!=$&&Ke!=we&&K(j,we,V(B),V($),V(te),V(
z))}else for(let R=I==1?s:a;R>=s&&R<=a;R+=I){let B=d[R];B===null?X=!0:B!=null&&C(j,A(f[R]),V(B))}let[D,q]=ms(l,n);if(r.fill!=null||D!=0){let R=Z.fill=new Path2D(
j),B=r.fillTo(l,n,r.min,r.max,D),$=V(B),te=A(f[s]),z=A(f[a]);I==-1&&([z,te]=[te,z]),C(R,z,$),C(R,te,$)}if(!r.spanGaps){let R=[];X&&R.push(...hs(f,d,s,a,I,A,t)),
Z.gaps=R=r.gaps(l,n,s,a,R),Z.clip=Jl(R,m.ori,v,k,x,O)}return q!=0&&(Z.band=q==2?[Vt(l,n,s,a,j,-1),Vt(l,n,s,a,j,1)]:Vt(l,n,s,a,j,q)),Z})}function Uu(e){let t=oe(
e.align,1),l=oe(e.ascDesc,!1),n=oe(e.alignGaps,0),s=oe(e.extend,!1);return(a,r,f,d)=>hn(a,r,(m,w,g,y,v,k,x,O,U,A,V)=>{[f,d]=Yl(g,f,d);let C=m.pxRound,{left:K,width:I}=a.
bbox,Z=ne=>C(k(ne,y,A,O)),j=ne=>C(x(ne,v,V,U)),X=y.ori==0?Yn:qn,G={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Gn},D=G.stroke,q=y.dir*(y.ori==
0?1:-1),R=j(g[q==1?f:d]),B=Z(w[q==1?f:d]),$=B,te=B;s&&t==-1&&(te=K,X(D,te,R)),X(D,B,R);for(let ne=q==1?f:d;ne>=f&&ne<=d;ne+=q){let ce=g[ne];if(ce==null)continue;
let J=Z(w[ne]),F=j(ce);t==1?X(D,J,R):X(D,$,F),X(D,J,F),R=F,$=J}let z=$;s&&t==1&&(z=K+I,X(D,z,R));let[Ke,we]=ms(a,r);if(m.fill!=null||Ke!=0){let ne=G.fill=new Path2D(
D),ce=m.fillTo(a,r,m.min,m.max,Ke),J=j(ce);X(ne,z,J),X(ne,te,J)}if(!m.spanGaps){let ne=[];ne.push(...hs(w,g,f,d,q,Z,n));let ce=m.width*ie/2,J=l||t==1?ce:-ce,F=l||
t==-1?-ce:ce;ne.forEach(Ee=>{Ee[0]+=J,Ee[1]+=F}),G.gaps=ne=m.gaps(a,r,f,d,ne),G.clip=Jl(ne,y.ori,O,U,A,V)}return we!=0&&(G.band=we==2?[Vt(a,r,f,d,D,-1),Vt(a,r,f,
d,D,1)]:Vt(a,r,f,d,D,we)),G})}function rr(e,t,l,n,s,a,r=fe){if(e.length>1){let f=null;for(let d=0,m=1/0;d<e.length;d++)if(t[d]!==void 0){if(f!=null){let w=Le(e[d]-
e[f]);w<m&&(m=w,r=Le(l(e[d],n,s,a)-l(e[f],n,s,a)))}f=d}}return r}function Bu(e){e=e||ml;let t=oe(e.size,[.6,fe,1]),l=e.align||0,n=e.gap||0,s=e.radius;s=s==null?
[0,0]:typeof s=="number"?[s,0]:s;let a=ee(s),r=1-t[0],f=oe(t[1],fe),d=oe(t[2],1),m=oe(e.disp,ml),w=oe(e.each,v=>{}),{fill:g,stroke:y}=m;return(v,k,x,O)=>hn(v,k,
(U,A,V,C,K,I,Z,j,X,G,D)=>{let q=U.pxRound,R=l,B=n*ie,$=f*ie,te=d*ie,z,Ke;C.ori==0?[z,Ke]=a(v,k):[Ke,z]=a(v,k);let we=C.dir*(C.ori==0?1:-1),ne=C.ori==0?eo:gs,ce=C.
ori==0?w:(P,pe,Me,kn,tn,Ct,nn)=>{w(P,pe,Me,tn,kn,nn,Ct)},J=oe(v.bands,cs).find(P=>P.series[0]==k),F=J!=null?J.dir:0,Ee=U.fillTo(v,k,U.min,U.max,F),Be=q(Z(Ee,K,D,
X)),_e,re,bt,et=G,ve=q(U.width*ie),At=!1,Rt=null,ct=null,Ht=null,yn=null;g!=null&&(ve==0||y!=null)&&(At=!0,Rt=g.values(v,k,x,O),ct=new Map,new Set(Rt).forEach(P=>{
P!=null&&ct.set(P,new Path2D)}),ve>0&&(Ht=y.values(v,k,x,O),yn=new Map,new Set(Ht).forEach(P=>{P!=null&&yn.set(P,new Path2D)})));let{x0:wn,size:Zn}=m;if(wn!=null&&
Zn!=null){R=1,A=wn.values(v,k,x,O),wn.unit==2&&(A=A.map(Me=>v.posToVal(j+Me*G,C.key,!0)));let P=Zn.values(v,k,x,O);Zn.unit==2?re=P[0]*G:re=I(P[0],C,G,j)-I(0,C,G,
j),et=rr(A,V,I,C,G,j,et),bt=et-re+B}else et=rr(A,V,I,C,G,j,et),bt=et*r+B,re=et-bt;bt<1&&(bt=0),ve>=re/2&&(ve=0),bt<5&&(q=gr);let _l=bt>0,Xt=et-bt-(_l?ve:0);re=q(
Jo(Xt,te,$)),_e=(R==0?re/2:R==we?0:re)-R*we*((R==0?B/2:0)+(_l?ve/2:0));let We={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},_n=At?null:new Path2D,
Ft=null;if(J!=null)Ft=v.data[J.series[1]];else{let{y0:P,y1:pe}=m;P!=null&&pe!=null&&(V=pe.values(v,k,x,O),Ft=P.values(v,k,x,O))}let en=z*re,Y=Ke*re;for(let P=we==
1?x:O;P>=x&&P<=O;P+=we){let pe=V[P];if(pe==null)continue;if(Ft!=null){let Ze=Ft[P]??0;if(pe-Ze==0)continue;Be=Z(Ze,K,D,X)}let Me=C.distr!=2||m!=null?A[P]:P,kn=I(
Me,C,G,j),tn=Z(oe(pe,Ee),K,D,X),Ct=q(kn-_e),nn=q(qe(tn,Be)),tt=q(Tt(tn,Be)),ut=nn-tt;if(pe!=null){let Ze=pe<0?Y:en,yt=pe<0?en:Y;At?(ve>0&&Ht[P]!=null&&ne(yn.get(
Ht[P]),Ct,tt+it(ve/2),re,qe(0,ut-ve),Ze,yt),Rt[P]!=null&&ne(ct.get(Rt[P]),Ct,tt+it(ve/2),re,qe(0,ut-ve),Ze,yt)):ne(_n,Ct,tt+it(ve/2),re,qe(0,ut-ve),Ze,yt),ce(v,
k,P,Ct-ve/2,tt,re+ve,ut)}}return ve>0?We.stroke=At?yn:_n:At||(We._fill=U.width==0?U._fill:U._stroke??U._fill,We.width=0),We.fill=At?ct:_n,We})}function Wu(e,t){
let l=oe(t?.alignGaps,0);return(n,s,a,r)=>hn(n,s,(f,d,m,w,g,y,v,k,x,O,U)=>{[a,r]=Yl(m,a,r);let A=f.pxRound,V=z=>A(y(z,w,O,k)),C=z=>A(v(z,g,U,x)),K,I,Z;w.ori==0?
(K=Ql,Z=Yn,I=Br):(K=Xl,Z=qn,I=Wr);let j=w.dir*(w.ori==0?1:-1),X=V(d[j==1?a:r]),G=X,D=[],q=[];for(let z=j==1?a:r;z>=a&&z<=r;z+=j)if(m[z]!=null){let we=d[z],ne=V(
we);D.push(G=ne),q.push(C(m[z]))}let R={stroke:e(D,q,K,Z,I,A),fill:null,clip:null,band:null,gaps:null,flags:Gn},B=R.stroke,[$,te]=ms(n,s);if(f.fill!=null||$!=0){
let z=R.fill=new Path2D(B),Ke=f.fillTo(n,s,f.min,f.max,$),we=C(Ke);Z(z,G,we),Z(z,X,we)}if(!f.spanGaps){let z=[];z.push(...hs(d,m,a,r,j,V,l)),R.gaps=z=f.gaps(n,s,
a,r,z),R.clip=Jl(z,w.ori,k,x,O,U)}return te!=0&&(R.band=te==2?[Vt(n,s,a,r,B,-1),Vt(n,s,a,r,B,1)]:Vt(n,s,a,r,B,te)),R})}function Gu(e){return Wu(ju,e)}function ju(e,t,l,n,s,a){
let r=e.length;if(r<2)return null;let f=new Path2D;if(l(f,e[0],t[0]),r==2)n(f,e[1],t[1]);else{let d=Array(r),m=Array(r-1),w=Array(r-1),g=Array(r-1);for(let y=0;y<
r-1;y++)w[y]=t[y+1]-t[y],g[y]=e[y+1]-e[y],m[y]=w[y]/g[y];d[0]=m[0];for(let y=1;y<r-1;y++)m[y]===0||m[y-1]===0||m[y-1]>0!=m[y]>0?d[y]=0:(d[y]=3*(g[y-1]+g[y])/((2*
g[y]+g[y-1])/m[y-1]+(g[y]+2*g[y-1])/m[y]),isFinite(d[y])||(d[y]=0));d[r-1]=m[r-2];for(let y=0;y<r-1;y++)s(f,e[y]+g[y]/3,t[y]+d[y]*g[y]/3,e[y+1]-g[y]/3,t[y+1]-d[y+
1]*g[y]/3,e[y+1],t[y+1])}return f}var ts=new Set;function ar(){for(let e of ts)e.syncRect(!0)}jn&&(pn(Ac,Hn,ar),pn(Cc,Hn,ar,!0),pn(Wl,Hn,()=>{Oe.pxRatio=ie}));var Yu=Yr(),
qu=Gr();function cr(e,t,l,n){return(n?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((a,r)=>ns(a,r,t,l))}function Ku(e,t){return e.map((l,n)=>n==
0?{}:De({},t,l))}function ns(e,t,l,n){return De({},t==0?l:n,e)}function qr(e,t,l){return t==null?Bn:[t,l]}var Zu=qr;function Ju(e,t,l){return t==null?Bn:Gl(t,l,
rs,!0)}function Kr(e,t,l,n){return t==null?Bn:ql(t,l,e.scales[n].log,!1)}var Qu=Kr;function Zr(e,t,l,n){return t==null?Bn:is(t,l,e.scales[n].log,!1)}var Xu=Zr;function ef(e,t,l,n,s){
let a=qe(Hi(e),Hi(t)),r=t-e,f=xt(s/n*r,l);do{let d=l[f],m=n*d/r;if(m>=s&&a+(d<5?Qt.get(d):0)<=17)return[d,m]}while(++f<l.length);return[0,0]}function ur(e){let t,
l;return e=e.replace(/(\d+)px/,(n,s)=>(t=Pe((l=+s)*ie))+"px"),[e,t,l]}function tf(e){e.show&&[e.font,e.labelFont].forEach(t=>{let l=de(t[2]*ie,1);t[0]=t[0].replace(
/[0-9.]+px/,l+"px"),t[1]=l})}function Oe(e,t,l){let n={mode:oe(e.mode,1)},s=n.mode;function a(o,i,c,u){let p=i.valToPct(o);return u+c*(i.dir==-1?1-p:p)}function r(o,i,c,u){
let p=i.valToPct(o);return u+c*(i.dir==-1?p:1-p)}function f(o,i,c,u){return i.ori==0?a(o,i,c,u):r(o,i,c,u)}n.valToPosH=a,n.valToPosV=r;let d=!1;n.status=0;let m=n.
root=ht(ac);if(e.id!=null&&(m.id=e.id),st(m,e.class),e.title){let o=ht(fc,m);o.textContent=e.title}let w=vt("canvas"),g=n.ctx=w.getContext("2d"),y=ht(dc,m);pn("\
click",y,o=>{o.target===k&&(he!=Ln||ke!=On)&&He.click(n,o)},!0);let v=n.under=ht(pc,y);y.appendChild(w);let k=n.over=ht(mc,y);e=Wn(e);let x=+oe(e.pxAlign,1),O=ir(
x);(e.plugins||[]).forEach(o=>{o.opts&&(e=o.opts(n,e)||e)});let U=e.ms||.001,A=n.series=s==1?cr(e.series||[],Xi,or,!1):Ku(e.series||[null],lr),V=n.axes=cr(e.axes||
[],Qi,tr,!0),C=n.scales={},K=n.bands=e.bands||[];K.forEach(o=>{o.fill=ee(o.fill||null),o.dir=oe(o.dir,-1)});let I=s==2?A[1].facets[0].scale:A[0].scale,Z={axes:Pa,
series:Aa},j=(e.drawOrder||["axes","series"]).map(o=>Z[o]);function X(o){let i=o.distr==3?c=>$t(c>0?c:o.clamp(n,c,o.min,o.max,o.key)):o.distr==4?c=>Bo(c,o.asinh):
o.distr==100?c=>o.fwd(c):c=>c;return c=>{let u=i(c),{_min:p,_max:b}=o,_=b-p;return(u-p)/_}}function G(o){let i=C[o];if(i==null){let c=(e.scales||ml)[o]||ml;if(c.
from!=null){G(c.from);let u=De({},C[c.from],c,{key:o});u.valToPct=X(u),C[o]=u}else{i=C[o]=De({},o==I?zr:Nu,c),i.key=o;let u=i.time,p=i.range,b=Jt(p);if((o!=I||s==
2&&!u)&&(b&&(p[0]==null||p[1]==null)&&(p={min:p[0]==null?zi:{mode:1,hard:p[0],soft:p[0]},max:p[1]==null?zi:{mode:1,hard:p[1],soft:p[1]}},b=!1),!b&&Zl(p))){let _=p;
p=(S,T,E)=>T==null?Bn:Gl(T,E,_)}i.range=ee(p||(u?Zu:o==I?i.distr==3?Qu:i.distr==4?Xu:qr:i.distr==3?Kr:i.distr==4?Zr:Ju)),i.auto=ee(b?!1:i.auto),i.clamp=ee(i.clamp||
Fu),i._min=i._max=null,i.valToPct=X(i)}}}G("x"),G("y"),s==1&&A.forEach(o=>{G(o.scale)}),V.forEach(o=>{G(o.scale)});for(let o in e.scales)G(o);let D=C[I],q=D.distr,
R,B;D.ori==0?(st(m,cc),R=a,B=r):(st(m,uc),R=r,B=a);let $={};for(let o in C){let i=C[o];(i.min!=null||i.max!=null)&&($[o]={min:i.min,max:i.max},i.min=i.max=null)}
let te=e.tzDate||(o=>new Date(Pe(o/U))),z=e.fmtDate||us,Ke=U==1?cu(te):du(te),we=Ki(te,qi(U==1?au:fu,z)),ne=Ji(te,Zi(mu,z)),ce=[],J=n.legend=De({},bu,e.legend),
F=n.cursor=De({},vu,{drag:{y:s==2}},e.cursor),Ee=J.show,Be=F.show,_e=J.markers;J.idxs=ce,_e.width=ee(_e.width),_e.dash=ee(_e.dash),_e.stroke=ee(_e.stroke),_e.fill=
ee(_e.fill);let re,bt,et,ve=[],At=[],Rt,ct=!1,Ht={};if(J.live){let o=A[1]?A[1].values:null;ct=o!=null,Rt=ct?o(n,1,0):{_:0};for(let i in Rt)Ht[i]=os}if(Ee)if(re=
vt("table",_c,m),et=vt("tbody",null,re),J.mount(n,re),ct){bt=vt("thead",null,re,et);let o=vt("tr",null,bt);vt("th",null,o);for(var yn in Rt)vt("th",Ti,o).textContent=
yn}else st(re,Sc),J.live&&st(re,kc);let wn={show:!0},Zn={show:!1};function _l(o,i){if(i==0&&(ct||!J.live||s==2))return Bn;let c=[],u=vt("tr",vc,et,et.childNodes[i]);
st(u,o.class),o.show||st(u,dn);let p=vt("th",null,u);if(_e.show){let S=ht(xc,p);if(i>0){let T=_e.width(n,i);T&&(S.style.border=T+"px "+_e.dash(n,i)+" "+_e.stroke(
n,i)),S.style.background=_e.fill(n,i)}}let b=ht(Ti,p);o.label instanceof HTMLElement?b.appendChild(o.label):b.textContent=o.label,i>0&&(_e.show||(b.style.color=
o.width>0?_e.stroke(n,i):_e.fill(n,i)),We("click",p,S=>{if(F._lock)return;on(S);let T=A.indexOf(o);if((S.ctrlKey||S.metaKey)!=J.isolate){let E=A.some((M,L)=>L>0&&
L!=T&&M.show);A.forEach((M,L)=>{L>0&&Et(L,E?L==T?wn:Zn:wn,!0,Ae.setSeries)})}else Et(T,{show:!o.show},!0,Ae.setSeries)},!1),vn&&We(Ei,p,S=>{F._lock||(on(S),Et(A.
indexOf(o),Rn,!0,Ae.setSeries))},!1));for(var _ in Rt){let S=vt("td",Tc,u);S.textContent="--",c.push(S)}return[u,c]}let Xt=new Map;function We(o,i,c,u=!0){let p=Xt.
get(i)||{},b=F.bind[o](n,i,c,u);b&&(pn(o,i,p[o]=b),Xt.set(i,p))}function _n(o,i,c){let u=Xt.get(i)||{};for(let p in u)(o==null||p==o)&&(Zo(p,i,u[p]),delete u[p]);
o==null&&Xt.delete(i)}let Ft=0,en=0,Y=0,P=0,pe=0,Me=0,kn=pe,tn=Me,Ct=Y,nn=P,tt=0,ut=0,Ze=0,yt=0;n.bbox={};let oo=!1,kl=!1,Sn=!1,ln=!1,Sl=!1,ft=!1;function so(o,i,c){
(c||o!=n.width||i!=n.height)&&As(o,i),Dn(!1),Sn=!0,kl=!0,En()}function As(o,i){n.width=Ft=Y=o,n.height=en=P=i,pe=Me=0,wa(),_a();let c=n.bbox;tt=c.left=un(pe*ie,
.5),ut=c.top=un(Me*ie,.5),Ze=c.width=un(Y*ie,.5),yt=c.height=un(P*ie,.5)}let ga=3;function ba(){let o=!1,i=0;for(;!o;){i++;let c=Ea(i),u=Ma(i);o=i==ga||c&&u,o||
(As(n.width,n.height),kl=!0)}}function ya({width:o,height:i}){so(o,i)}n.setSize=ya;function wa(){let o=!1,i=!1,c=!1,u=!1;V.forEach((p,b)=>{if(p.show&&p._show){let{
side:_,_size:S}=p,T=_%2,E=p.label!=null?p.labelSize:0,M=S+E;M>0&&(T?(Y-=M,_==3?(pe+=M,u=!0):c=!0):(P-=M,_==0?(Me+=M,o=!0):i=!0))}}),sn[0]=o,sn[1]=c,sn[2]=i,sn[3]=
u,Y-=Ut[1]+Ut[3],pe+=Ut[3],P-=Ut[2]+Ut[0],Me+=Ut[0]}function _a(){let o=pe+Y,i=Me+P,c=pe,u=Me;function p(b,_){switch(b){case 1:return o+=_,o-_;case 2:return i+=
_,i-_;case 3:return c-=_,c+_;case 0:return u-=_,u+_}}V.forEach((b,_)=>{if(b.show&&b._show){let S=b.side;b._pos=p(S,b._size),b.label!=null&&(b._lpos=p(S,b.labelSize))}})}
if(F.dataIdx==null){let o=F.hover,i=o.skip=new Set(o.skip??[]);i.add(void 0);let c=o.prox=ee(o.prox),u=o.bias??=0;F.dataIdx=(p,b,_,S)=>{if(b==0)return _;let T=_,
E=c(p,b,_,S)??fe,M=E>=0&&E<fe,L=D.ori==0?Y:P,W=F.left,se=t[0],le=t[b];if(i.has(le[_])){T=null;let Q=null,H=null,N;if(u==0||u==-1)for(N=_;Q==null&&N-- >0;)i.has(
le[N])||(Q=N);if(u==0||u==1)for(N=_;H==null&&N++<le.length;)i.has(le[N])||(H=N);if(Q!=null||H!=null)if(M){let be=Q==null?-1/0:R(se[Q],D,L,0),xe=H==null?1/0:R(se[H],
D,L,0),$e=W-be,ue=xe-W;$e<=ue?$e<=E&&(T=Q):ue<=E&&(T=H)}else T=H==null?Q:Q==null?H:_-Q<=H-_?Q:H}else M&&Le(W-R(se[_],D,L,0))>E&&(T=null);return T}}let on=o=>{F.
event=o};F.idxs=ce,F._lock=!1;let Ue=F.points;Ue.show=ee(Ue.show),Ue.size=ee(Ue.size),Ue.stroke=ee(Ue.stroke),Ue.width=ee(Ue.width),Ue.fill=ee(Ue.fill);let Dt=n.
focus=De({},e.focus||{alpha:.3},F.focus),vn=Dt.prox>=0,xn=vn&&Ue.one,dt=[],Tn=[],An=[];function Cs(o,i){let c=Ue.show(n,i);if(c instanceof HTMLElement)return st(
c,wc),st(c,o.class),It(c,-10,-10,Y,P),k.insertBefore(c,dt[i]),c}function Ds(o,i){if(s==1||i>0){let c=s==1&&C[o.scale].time,u=o.value;o.value=c?Wi(u)?Ji(te,Zi(u,
z)):u||ne:u||Ou,o.label=o.label||(c?Tu:xu)}if(xn||i>0){o.width=o.width==null?1:o.width,o.paths=o.paths||Yu||Nc,o.fillTo=ee(o.fillTo||zu),o.pxAlign=+oe(o.pxAlign,
x),o.pxRound=ir(o.pxAlign),o.stroke=ee(o.stroke||null),o.fill=ee(o.fill||null),o._stroke=o._fill=o._paths=o._focus=null;let c=Iu(qe(1,o.width),1),u=o.points=De(
{},{size:c,width:qe(1,c*.2),stroke:o.stroke,space:c*2,paths:qu,_stroke:null,_fill:null},o.points);u.show=ee(u.show),u.filter=ee(u.filter),u.fill=ee(u.fill),u.stroke=
ee(u.stroke),u.paths=ee(u.paths),u.pxAlign=o.pxAlign}if(Ee){let c=_l(o,i);ve.splice(i,0,c[0]),At.splice(i,0,c[1]),J.values.push(null)}if(Be){ce.splice(i,0,null);
let c=null;xn?i==0&&(c=Cs(o,i)):i>0&&(c=Cs(o,i)),dt.splice(i,0,c),Tn.splice(i,0,0),An.splice(i,0,0)}ze("addSeries",i)}function ka(o,i){i=i??A.length,o=s==1?ns(o,
i,Xi,or):ns(o,i,{},lr),A.splice(i,0,o),Ds(A[i],i)}n.addSeries=ka;function Sa(o){if(A.splice(o,1),Ee){J.values.splice(o,1),At.splice(o,1);let i=ve.splice(o,1)[0];
_n(null,i.firstChild),i.remove()}Be&&(ce.splice(o,1),dt.splice(o,1)[0].remove(),Tn.splice(o,1),An.splice(o,1)),ze("delSeries",o)}n.delSeries=Sa;let sn=[!1,!1,!1,
!1];function va(o,i){if(o._show=o.show,o.show){let c=o.side%2,u=C[o.scale];u==null&&(o.scale=c?A[1].scale:I,u=C[o.scale]);let p=u.time;o.size=ee(o.size),o.space=
ee(o.space),o.rotate=ee(o.rotate),Jt(o.incrs)&&o.incrs.forEach(_=>{!Qt.has(_)&&Qt.set(_,wr(_))}),o.incrs=ee(o.incrs||(u.distr==2?su:p?U==1?ru:uu:fn)),o.splits=ee(
o.splits||(p&&u.distr==1?Ke:u.distr==3?Qo:u.distr==4?Du:Cu)),o.stroke=ee(o.stroke),o.grid.stroke=ee(o.grid.stroke),o.ticks.stroke=ee(o.ticks.stroke),o.border.stroke=
ee(o.border.stroke);let b=o.values;o.values=Jt(b)&&!Jt(b[0])?ee(b):p?Jt(b)?Ki(te,qi(b,z)):Wi(b)?pu(te,b):b||we:b||Au,o.filter=ee(o.filter||(u.distr>=3&&u.log==10?
Pu:u.distr==3&&u.log==2?Lu:br)),o.font=ur(o.font),o.labelFont=ur(o.labelFont),o._size=o.size(n,null,i,0),o._space=o._rotate=o._incrs=o._found=o._splits=o._values=
null,o._size>0&&(sn[i]=!0,o._el=ht(hc,y))}}function Jn(o,i,c,u){let[p,b,_,S]=c,T=i%2,E=0;return T==0&&(S||b)&&(E=i==0&&!p||i==2&&!_?Pe(Qi.size/3):0),T==1&&(p||_)&&
(E=i==1&&!b||i==3&&!S?Pe(tr.size/2):0),E}let Es=n.padding=(e.padding||[Jn,Jn,Jn,Jn]).map(o=>ee(oe(o,Jn))),Ut=n._padding=Es.map((o,i)=>o(n,i,sn,0)),Ve,Ie=null,Re=null,
vl=s==1?A[0].idxs:null,wt=null,Qn=!1;function Ms(o,i){if(t=o??[],n.data=n._data=t,s==2){Ve=0;for(let c=1;c<A.length;c++)Ve+=t[c][0].length}else{t.length==0&&(n.
data=n._data=t=[[]]),wt=t[0],Ve=wt.length;let c=t;if(q==2){c=t.slice();let u=c[0]=Array(Ve);for(let p=0;p<Ve;p++)u[p]=p}n._data=t=c}if(Dn(!0),ze("setData"),q==2&&
(Sn=!0),i!==!1){let c=D;c.auto(n,Qn)?io():Wt(I,c.min,c.max),ln=ln||F.left>=0,ft=!0,En()}}n.setData=Ms;function io(){Qn=!0;let o,i;s==1&&(Ve>0?(Ie=vl[0]=0,Re=vl[1]=
Ve-1,o=t[0][Ie],i=t[0][Re],q==2?(o=Ie,i=Re):o==i&&(q==3?[o,i]=ql(o,o,D.log,!1):q==4?[o,i]=is(o,o,D.log,!1):D.time?i=o+Pe(86400/U):[o,i]=Gl(o,i,rs,!0))):(Ie=vl[0]=
o=null,Re=vl[1]=i=null)),Wt(I,o,i)}let xl,Cn,ro,ao,co,uo,fo,po,mo,Je;function Ps(o,i,c,u,p,b){o??=Ci,c??=cs,u??="butt",p??=Ci,b??="round",o!=xl&&(g.strokeStyle=
xl=o),p!=Cn&&(g.fillStyle=Cn=p),i!=ro&&(g.lineWidth=ro=i),b!=co&&(g.lineJoin=co=b),u!=uo&&(g.lineCap=uo=u),c!=ao&&g.setLineDash(ao=c)}function Ls(o,i,c,u){i!=Cn&&
(g.fillStyle=Cn=i),o!=fo&&(g.font=fo=o),c!=po&&(g.textAlign=po=c),u!=mo&&(g.textBaseline=mo=u)}function ho(o,i,c,u,p=0){if(u.length>0&&o.auto(n,Qn)&&(i==null||i.
min==null)){let b=oe(Ie,0),_=oe(Re,u.length-1),S=c.min==null?Pc(u,b,_,p,o.distr==3):[c.min,c.max];o.min=Tt(o.min,c.min=S[0]),o.max=qe(o.max,c.max=S[1])}}let Os={
min:null,max:null};function xa(){for(let u in C){let p=C[u];$[u]==null&&(p.min==null||$[I]!=null&&p.auto(n,Qn))&&($[u]=Os)}for(let u in C){let p=C[u];$[u]==null&&
p.from!=null&&$[p.from]!=null&&($[u]=Os)}$[I]!=null&&Dn(!0);let o={};for(let u in $){let p=$[u];if(p!=null){let b=o[u]=Wn(C[u],Vc);if(p.min!=null)De(b,p);else if(u!=
I||s==2)if(Ve==0&&b.from==null){let _=b.range(n,null,null,u);b.min=_[0],b.max=_[1]}else b.min=fe,b.max=-fe}}if(Ve>0){A.forEach((u,p)=>{if(s==1){let b=u.scale,_=$[b];
if(_==null)return;let S=o[b];if(p==0){let T=S.range(n,S.min,S.max,b);S.min=T[0],S.max=T[1],Ie=xt(S.min,t[0]),Re=xt(S.max,t[0]),Re-Ie>1&&(t[0][Ie]<S.min&&Ie++,t[0][Re]>
S.max&&Re--),u.min=wt[Ie],u.max=wt[Re]}else u.show&&u.auto&&ho(S,_,u,t[p],u.sorted);u.idxs[0]=Ie,u.idxs[1]=Re}else if(p>0&&u.show&&u.auto){let[b,_]=u.facets,S=b.
scale,T=_.scale,[E,M]=t[p],L=o[S],W=o[T];L!=null&&ho(L,$[S],b,E,b.sorted),W!=null&&ho(W,$[T],_,M,_.sorted),u.min=_.min,u.max=_.max}});for(let u in o){let p=o[u],
b=$[u];if(p.from==null&&(b==null||b.min==null)){let _=p.range(n,p.min==fe?null:p.min,p.max==-fe?null:p.max,u);p.min=_[0],p.max=_[1]}}}for(let u in o){let p=o[u];
if(p.from!=null){let b=o[p.from];if(b.min==null)p.min=p.max=null;else{let _=p.range(n,b.min,b.max,u);p.min=_[0],p.max=_[1]}}}let i={},c=!1;for(let u in o){let p=o[u],
b=C[u];if(b.min!=p.min||b.max!=p.max){b.min=p.min,b.max=p.max;let _=b.distr;b._min=_==3?$t(b.min):_==4?Bo(b.min,b.asinh):_==100?b.fwd(b.min):b.min,b._max=_==3?$t(
b.max):_==4?Bo(b.max,b.asinh):_==100?b.fwd(b.max):b.max,i[u]=c=!0}}if(c){A.forEach((u,p)=>{s==2?p>0&&i.y&&(u._paths=null):i[u.scale]&&(u._paths=null)});for(let u in i)
Sn=!0,ze("setScale",u);Be&&F.left>=0&&(ln=ft=!0)}for(let u in $)$[u]=null}function Ta(o){let i=Jo(Ie-1,0,Ve-1),c=Jo(Re+1,0,Ve-1);for(;o[i]==null&&i>0;)i--;for(;o[c]==
null&&c<Ve-1;)c++;return[i,c]}function Aa(){if(Ve>0){let o=A.some(i=>i._focus)&&Je!=Dt.alpha;o&&(g.globalAlpha=Je=Dt.alpha),A.forEach((i,c)=>{if(c>0&&i.show&&(Is(
c,!1),Is(c,!0),i._paths==null)){let u=Je;Je!=i.alpha&&(g.globalAlpha=Je=i.alpha);let p=s==2?[0,t[c][0].length-1]:Ta(t[c]);i._paths=i.paths(n,c,p[0],p[1]),Je!=u&&
(g.globalAlpha=Je=u)}}),A.forEach((i,c)=>{if(c>0&&i.show){let u=Je;Je!=i.alpha&&(g.globalAlpha=Je=i.alpha),i._paths!=null&&Rs(c,!1);{let p=i._paths!=null?i._paths.
gaps:null,b=i.points.show(n,c,Ie,Re,p),_=i.points.filter(n,c,b,p);(b||_)&&(i.points._paths=i.points.paths(n,c,Ie,Re,_),Rs(c,!0))}Je!=u&&(g.globalAlpha=Je=u),ze(
"drawSeries",c)}}),o&&(g.globalAlpha=Je=1)}}function Is(o,i){let c=i?A[o].points:A[o];c._stroke=c.stroke(n,o),c._fill=c.fill(n,o)}function Rs(o,i){let c=i?A[o].
points:A[o],{stroke:u,fill:p,clip:b,flags:_,_stroke:S=c._stroke,_fill:T=c._fill,_width:E=c.width}=c._paths;E=de(E*ie,3);let M=null,L=E%2/2;i&&T==null&&(T=E>0?"#\
fff":S);let W=c.pxAlign==1&&L>0;if(W&&g.translate(L,L),!i){let se=tt-E/2,le=ut-E/2,Q=Ze+E,H=yt+E;M=new Path2D,M.rect(se,le,Q,H)}i?go(S,E,c.dash,c.cap,T,u,p,_,b):
Ca(o,S,E,c.dash,c.cap,T,u,p,_,M,b),W&&g.translate(-L,-L)}function Ca(o,i,c,u,p,b,_,S,T,E,M){let L=!1;T!=0&&K.forEach((W,se)=>{if(W.series[0]==o){let le=A[W.series[1]],
Q=t[W.series[1]],H=(le._paths||ml).band;Jt(H)&&(H=W.dir==1?H[0]:H[1]);let N,be=null;le.show&&H&&Oc(Q,Ie,Re)?(be=W.fill(n,se)||b,N=le._paths.clip):H=null,go(i,c,
u,p,be,_,S,T,E,M,N,H),L=!0}}),L||go(i,c,u,p,b,_,S,T,E,M)}let Fs=Gn|es;function go(o,i,c,u,p,b,_,S,T,E,M,L){Ps(o,i,c,u,p),(T||E||L)&&(g.save(),T&&g.clip(T),E&&g.
clip(E)),L?(S&Fs)==Fs?(g.clip(L),M&&g.clip(M),Al(p,_),Tl(o,b,i)):S&es?(Al(p,_),g.clip(L),Tl(o,b,i)):S&Gn&&(g.save(),g.clip(L),M&&g.clip(M),Al(p,_),g.restore(),Tl(
o,b,i)):(Al(p,_),Tl(o,b,i)),(T||E||L)&&g.restore()}function Tl(o,i,c){c>0&&(i instanceof Map?i.forEach((u,p)=>{g.strokeStyle=xl=p,g.stroke(u)}):i!=null&&o&&g.stroke(
i))}function Al(o,i){i instanceof Map?i.forEach((c,u)=>{g.fillStyle=Cn=u,g.fill(c)}):i!=null&&o&&g.fill(i)}function Da(o,i,c,u){let p=V[o],b;if(u<=0)b=[0,0];else{
let _=p._space=p.space(n,o,i,c,u),S=p._incrs=p.incrs(n,o,i,c,u,_);b=ef(i,c,S,u,_)}return p._found=b}function bo(o,i,c,u,p,b,_,S,T,E){let M=_%2/2;x==1&&g.translate(
M,M),Ps(S,_,T,E,S),g.beginPath();let L,W,se,le,Q=p+(u==0||u==3?-b:b);c==0?(W=p,le=Q):(L=p,se=Q);for(let H=0;H<o.length;H++)i[H]!=null&&(c==0?L=se=o[H]:W=le=o[H],
g.moveTo(L,W),g.lineTo(se,le));g.stroke(),x==1&&g.translate(-M,-M)}function Ea(o){let i=!0;return V.forEach((c,u)=>{if(!c.show)return;let p=C[c.scale];if(p.min==
null){c._show&&(i=!1,c._show=!1,Dn(!1));return}else c._show||(i=!1,c._show=!0,Dn(!1));let b=c.side,_=b%2,{min:S,max:T}=p,[E,M]=Da(u,S,T,_==0?Y:P);if(M==0)return;
let L=p.distr==2,W=c._splits=c.splits(n,u,S,T,E,M,L),se=p.distr==2?W.map(N=>wt[N]):W,le=p.distr==2?wt[W[1]]-wt[W[0]]:E,Q=c._values=c.values(n,c.filter(n,se,u,M,
le),u,M,le);c._rotate=b==2?c.rotate(n,Q,u,M):0;let H=c._size;c._size=gt(c.size(n,Q,u,o)),H!=null&&c._size!=H&&(i=!1)}),i}function Ma(o){let i=!0;return Es.forEach(
(c,u)=>{let p=c(n,u,sn,o);p!=Ut[u]&&(i=!1),Ut[u]=p}),i}function Pa(){for(let o=0;o<V.length;o++){let i=V[o];if(!i.show||!i._show)continue;let c=i.side,u=c%2,p,b,
_=i.stroke(n,o),S=c==0||c==3?-1:1,[T,E]=i._found;if(i.label!=null){let je=i.labelGap*S,ot=Pe((i._lpos+je)*ie);Ls(i.labelFont[0],_,"center",c==2?"top":Ai),g.save(),
u==1?(p=b=0,g.translate(ot,Pe(ut+yt/2)),g.rotate((c==3?-Bl:Bl)/2)):(p=Pe(tt+Ze/2),b=ot);let cn=hr(i.label)?i.label(n,o,T,E):i.label;g.fillText(cn,p,b),g.restore()}
if(E==0)continue;let M=C[i.scale],L=u==0?Ze:yt,W=u==0?tt:ut,se=i._splits,le=M.distr==2?se.map(je=>wt[je]):se,Q=M.distr==2?wt[se[1]]-wt[se[0]]:T,H=i.ticks,N=i.border,
be=H.show?H.size:0,xe=Pe(be*ie),$e=Pe((i.alignTo==2?i._size-be-i.gap:i.gap)*ie),ue=i._rotate*-Bl/180,Te=O(i._pos*ie),nt=(xe+$e)*S,Ge=Te+nt;b=u==0?Ge:0,p=u==1?Ge:
0;let pt=i.font[0],_t=i.align==1?$n:i.align==2?Vo:ue>0?$n:ue<0?Vo:u==0?"center":c==3?Vo:$n,Pt=ue||u==1?"middle":c==2?"top":Ai;Ls(pt,_,_t,Pt);let lt=i.font[1]*i.
lineGap,mt=se.map(je=>O(f(je,M,L,W))),kt=i._values;for(let je=0;je<kt.length;je++){let ot=kt[je];if(ot!=null){u==0?p=mt[je]:b=mt[je],ot=""+ot;let cn=ot.indexOf(
`
`)==-1?[ot]:ot.split(/\n/gm);for(let Ye=0;Ye<cn.length;Ye++){let ti=cn[Ye];ue?(g.save(),g.translate(p,b+Ye*lt),g.rotate(ue),g.fillText(ti,0,0),g.restore()):g.fillText(
ti,p,b+Ye*lt)}}}H.show&&bo(mt,H.filter(n,le,o,E,Q),u,c,Te,xe,de(H.width*ie,3),H.stroke(n,o),H.dash,H.cap);let Lt=i.grid;Lt.show&&bo(mt,Lt.filter(n,le,o,E,Q),u,u==
0?2:1,u==0?ut:tt,u==0?yt:Ze,de(Lt.width*ie,3),Lt.stroke(n,o),Lt.dash,Lt.cap),N.show&&bo([Te],[1],u==0?1:0,u==0?1:2,u==1?ut:tt,u==1?yt:Ze,de(N.width*ie,3),N.stroke(
n,o),N.dash,N.cap)}ze("drawAxes")}function Dn(o){A.forEach((i,c)=>{c>0&&(i._paths=null,o&&(s==1?(i.min=null,i.max=null):i.facets.forEach(u=>{u.min=null,u.max=null})))})}
let Cl=!1,yo=!1,Xn=[];function La(){yo=!1;for(let o=0;o<Xn.length;o++)ze(...Xn[o]);Xn.length=0}function En(){Cl||(Yc(Ns),Cl=!0)}function Oa(o,i=!1){Cl=!0,yo=i,o(
n),Ns(),i&&Xn.length>0&&queueMicrotask(La)}n.batch=Oa;function Ns(){if(oo&&(xa(),oo=!1),Sn&&(ba(),Sn=!1),kl){if(ye(v,$n,pe),ye(v,"top",Me),ye(v,ul,Y),ye(v,fl,P),
ye(k,$n,pe),ye(k,"top",Me),ye(k,ul,Y),ye(k,fl,P),ye(y,ul,Ft),ye(y,fl,en),w.width=Pe(Ft*ie),w.height=Pe(en*ie),V.forEach(({_el:o,_show:i,_size:c,_pos:u,side:p})=>{
if(o!=null)if(i){let b=p===3||p===0?c:0,_=p%2==1;ye(o,_?"left":"top",u-b),ye(o,_?"width":"height",c),ye(o,_?"top":"left",_?Me:pe),ye(o,_?"height":"width",_?P:Y),
Ko(o,dn)}else st(o,dn)}),xl=Cn=ro=co=uo=fo=po=mo=ao=null,Je=1,nl(!0),pe!=kn||Me!=tn||Y!=Ct||P!=nn){Dn(!1);let o=Y/Ct,i=P/nn;if(Be&&!ln&&F.left>=0){F.left*=o,F.top*=
i,Mn&&It(Mn,Pe(F.left),0,Y,P),Pn&&It(Pn,0,Pe(F.top),Y,P);for(let c=0;c<dt.length;c++){let u=dt[c];u!=null&&(Tn[c]*=o,An[c]*=i,It(u,gt(Tn[c]),gt(An[c]),Y,P))}}if(ge.
show&&!Sl&&ge.left>=0&&ge.width>0){ge.left*=o,ge.width*=o,ge.top*=i,ge.height*=i;for(let c in xo)ye(In,c,ge[c])}kn=pe,tn=Me,Ct=Y,nn=P}ze("setSize"),kl=!1}Ft>0&&
en>0&&(g.clearRect(0,0,w.width,w.height),ze("drawClear"),j.forEach(o=>o()),ze("draw")),ge.show&&Sl&&(Dl(ge),Sl=!1),Be&&ln&&(an(null,!0,!1),ln=!1),J.show&&J.live&&
ft&&(So(),ft=!1),d||(d=!0,n.status=1,ze("ready")),Qn=!1,Cl=!1}n.redraw=(o,i)=>{Sn=i||!1,o!==!1?Wt(I,D.min,D.max):En()};function wo(o,i){let c=C[o];if(c.from==null){
if(Ve==0){let u=c.range(n,i.min,i.max,o);i.min=u[0],i.max=u[1]}if(i.min>i.max){let u=i.min;i.min=i.max,i.max=u}if(Ve>1&&i.min!=null&&i.max!=null&&i.max-i.min<1e-16)
return;o==I&&c.distr==2&&Ve>0&&(i.min=xt(i.min,t[0]),i.max=xt(i.max,t[0]),i.min==i.max&&i.max++),$[o]=i,oo=!0,En()}}n.setScale=wo;let _o,ko,Mn,Pn,zs,$s,Ln,On,Vs,
Hs,he,ke,Bt=!1,He=F.drag,Fe=He.x,Ne=He.y;Be&&(F.x&&(_o=ht(bc,k)),F.y&&(ko=ht(yc,k)),D.ori==0?(Mn=_o,Pn=ko):(Mn=ko,Pn=_o),he=F.left,ke=F.top);let ge=n.select=De(
{show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),In=ge.show?ht(gc,ge.over?k:v):null;function Dl(o,i){if(ge.show){for(let c in o)ge[c]=o[c],c in xo&&ye(
In,c,o[c]);i!==!1&&ze("setSelect")}}n.setSelect=Dl;function Ia(o){if(A[o].show)Ee&&Ko(ve[o],dn);else if(Ee&&st(ve[o],dn),Be){let c=xn?dt[0]:dt[o];c!=null&&It(c,
-10,-10,Y,P)}}function Wt(o,i,c){wo(o,{min:i,max:c})}function Et(o,i,c,u){i.focus!=null&&$a(o),i.show!=null&&A.forEach((p,b)=>{b>0&&(o==b||o==null)&&(p.show=i.show,
Ia(b),s==2?(Wt(p.facets[0].scale,null,null),Wt(p.facets[1].scale,null,null)):Wt(p.scale,null,null),En())}),c!==!1&&ze("setSeries",o,i),u&&ll("setSeries",n,o,i)}
n.setSeries=Et;function Ra(o,i){De(K[o],i)}function Fa(o,i){o.fill=ee(o.fill||null),o.dir=oe(o.dir,-1),i=i??K.length,K.splice(i,0,o)}function Na(o){o==null?K.length=
0:K.splice(o,1)}n.addBand=Fa,n.setBand=Ra,n.delBand=Na;function za(o,i){A[o].alpha=i,Be&&dt[o]!=null&&(dt[o].style.opacity=i),Ee&&ve[o]&&(ve[o].style.opacity=i)}
let Nt,Gt,rn,Rn={focus:!0};function $a(o){if(o!=rn){let i=o==null,c=Dt.alpha!=1;A.forEach((u,p)=>{if(s==1||p>0){let b=i||p==0||p==o;u._focus=i?null:b,c&&za(p,b?
1:Dt.alpha)}}),rn=o,c&&En()}}Ee&&vn&&We(Mi,re,o=>{F._lock||(on(o),rn!=null&&Et(null,Rn,!0,Ae.setSeries))});function Mt(o,i,c){let u=C[i];c&&(o=o/ie-(u.ori==1?Me:
pe));let p=Y;u.ori==1&&(p=P,o=p-o),u.dir==-1&&(o=p-o);let b=u._min,_=u._max,S=o/p,T=b+(_-b)*S,E=u.distr;return E==3?Un(10,T):E==4?Rc(T,u.asinh):E==100?u.bwd(T):
T}function Va(o,i){let c=Mt(o,I,i);return xt(c,t[0],Ie,Re)}n.valToIdx=o=>xt(o,t[0]),n.posToIdx=Va,n.posToVal=Mt,n.valToPos=(o,i,c)=>C[i].ori==0?a(o,C[i],c?Ze:Y,
c?tt:0):r(o,C[i],c?yt:P,c?ut:0),n.setCursor=(o,i,c)=>{he=o.left,ke=o.top,an(null,i,c)};function Us(o,i){ye(In,$n,ge.left=o),ye(In,ul,ge.width=i)}function Bs(o,i){
ye(In,"top",ge.top=o),ye(In,fl,ge.height=i)}let el=D.ori==0?Us:Bs,tl=D.ori==1?Us:Bs;function Ha(){if(Ee&&J.live)for(let o=s==2?1:0;o<A.length;o++){if(o==0&&ct)continue;
let i=J.values[o],c=0;for(let u in i)At[o][c++].firstChild.nodeValue=i[u]}}function So(o,i){if(o!=null&&(o.idxs?o.idxs.forEach((c,u)=>{ce[u]=c}):$c(o.idx)||ce.fill(
o.idx),J.idx=ce[0]),Ee&&J.live){for(let c=0;c<A.length;c++)(c>0||s==1&&!ct)&&Ua(c,ce[c]);Ha()}ft=!1,i!==!1&&ze("setLegend")}n.setLegend=So;function Ua(o,i){let c=A[o],
u=o==0&&q==2?wt:t[o],p;ct?p=c.values(n,o,i)??Ht:(p=c.value(n,i==null?null:u[i],o,i),p=p==null?Ht:{_:p}),J.values[o]=p}function an(o,i,c){Vs=he,Hs=ke,[he,ke]=F.move(
n,he,ke),F.left=he,F.top=ke,Be&&(Mn&&It(Mn,Pe(he),0,Y,P),Pn&&It(Pn,0,Pe(ke),Y,P));let u,p=Ie>Re;Nt=fe,Gt=null;let b=D.ori==0?Y:P,_=D.ori==1?Y:P;if(he<0||Ve==0||
p){u=F.idx=null;for(let S=0;S<A.length;S++){let T=dt[S];T!=null&&It(T,-10,-10,Y,P)}vn&&Et(null,Rn,!0,o==null&&Ae.setSeries),J.live&&(ce.fill(u),ft=!0)}else{let S,
T,E;s==1&&(S=D.ori==0?he:ke,T=Mt(S,I),u=F.idx=xt(T,t[0],Ie,Re),E=R(t[0][u],D,b,0));let M=-10,L=-10,W=0,se=0,le=!0,Q="",H="";for(let N=s==2?1:0;N<A.length;N++){let be=A[N],
xe=ce[N],$e=xe==null?null:s==1?t[N][xe]:t[N][1][xe],ue=F.dataIdx(n,N,u,T),Te=ue==null?null:s==1?t[N][ue]:t[N][1][ue];if(ft=ft||Te!=$e||ue!=xe,ce[N]=ue,N>0&&be.show){
let nt=ue==null?-10:ue==u?E:R(s==1?t[0][ue]:t[N][0][ue],D,b,0),Ge=Te==null?-10:B(Te,s==1?C[be.scale]:C[be.facets[1].scale],_,0);if(vn&&Te!=null){let pt=D.ori==1?
he:ke,_t=Le(Dt.dist(n,N,ue,Ge,pt));if(_t<Nt){let Pt=Dt.bias;if(Pt!=0){let lt=Mt(pt,be.scale),mt=Te>=0?1:-1,kt=lt>=0?1:-1;kt==mt&&(kt==1?Pt==1?Te>=lt:Te<=lt:Pt==
1?Te<=lt:Te>=lt)&&(Nt=_t,Gt=N)}else Nt=_t,Gt=N}}if(ft||xn){let pt,_t;D.ori==0?(pt=nt,_t=Ge):(pt=Ge,_t=nt);let Pt,lt,mt,kt,Lt,je,ot=!0,cn=Ue.bbox;if(cn!=null){ot=
!1;let Ye=cn(n,N);mt=Ye.left,kt=Ye.top,Pt=Ye.width,lt=Ye.height}else mt=pt,kt=_t,Pt=lt=Ue.size(n,N);if(je=Ue.fill(n,N),Lt=Ue.stroke(n,N),xn)N==Gt&&Nt<=Dt.prox&&
(M=mt,L=kt,W=Pt,se=lt,le=ot,Q=je,H=Lt);else{let Ye=dt[N];Ye!=null&&(Tn[N]=mt,An[N]=kt,Ni(Ye,Pt,lt,ot),Ri(Ye,je,Lt),It(Ye,gt(mt),gt(kt),Y,P))}}}}if(xn){let N=Dt.
prox,be=rn==null?Nt<=N:Nt>N||Gt!=rn;if(ft||be){let xe=dt[0];xe!=null&&(Tn[0]=M,An[0]=L,Ni(xe,W,se,le),Ri(xe,Q,H),It(xe,gt(M),gt(L),Y,P))}}}if(ge.show&&Bt)if(o!=
null){let[S,T]=Ae.scales,[E,M]=Ae.match,[L,W]=o.cursor.sync.scales,se=o.cursor.drag;if(Fe=se._x,Ne=se._y,Fe||Ne){let{left:le,top:Q,width:H,height:N}=o.select,be=o.
scales[L].ori,xe=o.posToVal,$e,ue,Te,nt,Ge,pt=S!=null&&E(S,L),_t=T!=null&&M(T,W);pt&&Fe?(be==0?($e=le,ue=H):($e=Q,ue=N),Te=C[S],nt=R(xe($e,L),Te,b,0),Ge=R(xe($e+
ue,L),Te,b,0),el(Tt(nt,Ge),Le(Ge-nt))):el(0,b),_t&&Ne?(be==1?($e=le,ue=H):($e=Q,ue=N),Te=C[T],nt=B(xe($e,W),Te,_,0),Ge=B(xe($e+ue,W),Te,_,0),tl(Tt(nt,Ge),Le(Ge-
nt))):tl(0,_)}else To()}else{let S=Le(Vs-zs),T=Le(Hs-$s);if(D.ori==1){let W=S;S=T,T=W}Fe=He.x&&S>=He.dist,Ne=He.y&&T>=He.dist;let E=He.uni;E!=null?Fe&&Ne&&(Fe=S>=
E,Ne=T>=E,!Fe&&!Ne&&(T>S?Ne=!0:Fe=!0)):He.x&&He.y&&(Fe||Ne)&&(Fe=Ne=!0);let M,L;Fe&&(D.ori==0?(M=Ln,L=he):(M=On,L=ke),el(Tt(M,L),Le(L-M)),Ne||tl(0,_)),Ne&&(D.ori==
1?(M=Ln,L=he):(M=On,L=ke),tl(Tt(M,L),Le(L-M)),Fe||el(0,b)),!Fe&&!Ne&&(el(0,0),tl(0,0))}if(He._x=Fe,He._y=Ne,o==null){if(c){if(ei!=null){let[S,T]=Ae.scales;Ae.values[0]=
S!=null?Mt(D.ori==0?he:ke,S):null,Ae.values[1]=T!=null?Mt(D.ori==1?he:ke,T):null}ll(Ho,n,he,ke,Y,P,u)}if(vn){let S=c&&Ae.setSeries,T=Dt.prox;rn==null?Nt<=T&&Et(
Gt,Rn,!0,S):Nt>T?Et(null,Rn,!0,S):Gt!=rn&&Et(Gt,Rn,!0,S)}}ft&&(J.idx=u,So()),i!==!1&&ze("setCursor")}let jt=null;Object.defineProperty(n,"rect",{get(){return jt==
null&&nl(!1),jt}});function nl(o=!1){o?jt=null:(jt=k.getBoundingClientRect(),ze("syncRect",jt))}function Ws(o,i,c,u,p,b,_){F._lock||Bt&&o!=null&&o.movementX==0&&
o.movementY==0||(vo(o,i,c,u,p,b,_,!1,o!=null),o!=null?an(null,!0,!0):an(i,!0,!1))}function vo(o,i,c,u,p,b,_,S,T){if(jt==null&&nl(!1),on(o),o!=null)c=o.clientX-jt.
left,u=o.clientY-jt.top;else{if(c<0||u<0){he=-10,ke=-10;return}let[E,M]=Ae.scales,L=i.cursor.sync,[W,se]=L.values,[le,Q]=L.scales,[H,N]=Ae.match,be=i.axes[0].side%
2==1,xe=D.ori==0?Y:P,$e=D.ori==1?Y:P,ue=be?b:p,Te=be?p:b,nt=be?u:c,Ge=be?c:u;if(le!=null?c=H(E,le)?f(W,C[E],xe,0):-10:c=xe*(nt/ue),Q!=null?u=N(M,Q)?f(se,C[M],$e,
0):-10:u=$e*(Ge/Te),D.ori==1){let pt=c;c=u,u=pt}}T&&(i==null||i.cursor.event.type==Ho)&&((c<=1||c>=Y-1)&&(c=un(c,Y)),(u<=1||u>=P-1)&&(u=un(u,P))),S?(zs=c,$s=u,[
Ln,On]=F.move(n,c,u)):(he=c,ke=u)}let xo={width:0,height:0,left:0,top:0};function To(){Dl(xo,!1)}let Gs,js,Ys,qs;function Ks(o,i,c,u,p,b,_){Bt=!0,Fe=Ne=He._x=He.
_y=!1,vo(o,i,c,u,p,b,_,!0,!1),o!=null&&(We(Uo,Yo,Zs,!1),ll(Di,n,Ln,On,Y,P,null));let{left:S,top:T,width:E,height:M}=ge;Gs=S,js=T,Ys=E,qs=M}function Zs(o,i,c,u,p,b,_){
Bt=He._x=He._y=!1,vo(o,i,c,u,p,b,_,!1,!0);let{left:S,top:T,width:E,height:M}=ge,L=E>0||M>0,W=Gs!=S||js!=T||Ys!=E||qs!=M;if(L&&W&&Dl(ge),He.setScale&&L&&W){let se=S,
le=E,Q=T,H=M;if(D.ori==1&&(se=T,le=M,Q=S,H=E),Fe&&Wt(I,Mt(se,I),Mt(se+le,I)),Ne)for(let N in C){let be=C[N];N!=I&&be.from==null&&be.min!=fe&&Wt(N,Mt(Q+H,N),Mt(Q,
N))}To()}else F.lock&&(F._lock=!F._lock,an(i,!0,o!=null));o!=null&&(_n(Uo,Yo),ll(Uo,n,he,ke,Y,P,null))}function Ba(o,i,c,u,p,b,_){if(F._lock)return;on(o);let S=Bt;
if(Bt){let T=!0,E=!0,M=10,L,W;D.ori==0?(L=Fe,W=Ne):(L=Ne,W=Fe),L&&W&&(T=he<=M||he>=Y-M,E=ke<=M||ke>=P-M),L&&T&&(he=he<Ln?0:Y),W&&E&&(ke=ke<On?0:P),an(null,!0,!0),
Bt=!1}he=-10,ke=-10,ce.fill(null),an(null,!0,!0),S&&(Bt=S)}function Js(o,i,c,u,p,b,_){F._lock||(on(o),io(),To(),o!=null&&ll(Pi,n,he,ke,Y,P,null))}function Qs(){
V.forEach(tf),so(n.width,n.height,!0)}pn(Wl,Hn,Qs);let Fn={};Fn.mousedown=Ks,Fn.mousemove=Ws,Fn.mouseup=Zs,Fn.dblclick=Js,Fn.setSeries=(o,i,c,u)=>{let p=Ae.match[2];
c=p(n,i,c),c!=-1&&Et(c,u,!0,!1)},Be&&(We(Di,k,Ks),We(Ho,k,Ws),We(Ei,k,o=>{on(o),nl(!1)}),We(Mi,k,Ba),We(Pi,k,Js),ts.add(n),n.syncRect=nl);let El=n.hooks=e.hooks||
{};function ze(o,i,c){yo?Xn.push([o,i,c]):o in El&&El[o].forEach(u=>{u.call(null,n,i,c)})}(e.plugins||[]).forEach(o=>{for(let i in o.hooks)El[i]=(El[i]||[]).concat(
o.hooks[i])});let Xs=(o,i,c)=>c,Ae=De({key:null,setSeries:!1,filters:{pub:Ui,sub:Ui},scales:[I,A[1]?A[1].scale:null],match:[Bi,Bi,Xs],values:[null,null]},F.sync);
Ae.match.length==2&&Ae.match.push(Xs),F.sync=Ae;let ei=Ae.key,Ao=$r(ei);function ll(o,i,c,u,p,b,_){Ae.filters.pub(o,i,c,u,p,b,_)&&Ao.pub(o,i,c,u,p,b,_)}Ao.sub(n);
function Wa(o,i,c,u,p,b,_){Ae.filters.sub(o,i,c,u,p,b,_)&&Fn[o](null,i,c,u,p,b,_)}n.pub=Wa;function Ga(){Ao.unsub(n),ts.delete(n),Xt.clear(),Zo(Wl,Hn,Qs),m.remove(),
re?.remove(),ze("destroy")}n.destroy=Ga;function Co(){ze("init",e,t),Ms(t||e.data,!1),$[I]?wo(I,$[I]):io(),Sl=ge.show&&(ge.width>0||ge.height>0),ln=ft=!0,so(e.width,
e.height)}return A.forEach(Ds),V.forEach(va),l?l instanceof HTMLElement?(l.appendChild(m),Co()):l(n,Co):Co(),n}Oe.assign=De;Oe.fmtNum=as;Oe.rangeNum=Gl;Oe.rangeLog=
ql;Oe.rangeAsinh=is;Oe.orient=hn;Oe.pxRatio=ie;Oe.join=jc;Oe.fmtDate=us,Oe.tzDate=lu;Oe.sync=$r;{Oe.addGap=$u,Oe.clipGaps=Jl;let e=Oe.paths={points:Gr};e.linear=
Yr,e.stepped=Uu,e.bars=Bu,e.spline=Gu}function Qr({caption:e,columns:t,rows:l,totals:n,empty:s="There is nothing in this period."},a){let r=h("tbody"),f=t.map(y=>{let v=h("button",{type:"button",onclick:()=>m(
y)},y.label,h("span",{class:"arrow","aria-hidden":!0}));return h("th",{scope:"col",class:sl(y.unit)?"number":null,"data-key":y.key},v)}),d=null;function m({key:y,
unit:v}){d={key:y,descending:d?.key===y?!d.descending:sl(v)||v==="flag"};for(let x of f)x.dataset.key===y?x.setAttribute("aria-sort",d.descending?"descending":"\
ascending"):x.removeAttribute("aria-sort");let k=d.descending?-1:1;w([...l].sort((x,O)=>nf(x[y],O[y],k)))}function w(y){Se(r,y.map(v=>Jr(t,v)))}w(l);let g=l.length===
0?h("p",{class:"nothing"},s):h("div",{class:"scroll",role:"region","aria-label":e,tabindex:0},h("table",{},h("thead",{},h("tr",{},f)),r,n&&h("tfoot",{},Jr(t,n))));
return h("section",{class:"table"},h("div",{class:"caption"},h("h2",{},e),a),g)}function Jr(e,t){return h("tr",{},e.map(({key:l,unit:n,isBad:s},a)=>{let r=t[l],
f=r===void 0?"":n==="instant"?to(r):n==="date"?gn(r):me(r,n),d={class:[sl(n)&&"number",s?.(t)&&"bad"].filter(Boolean).join(" ")||null,"data-key":l},m=n==="secon\
ds"&&r?Fl(r):"",w=a===0&&!sl(n);return h(w?"th":"td",w?{...d,scope:"row"}:d,f,m&&h("small",{},m))}))}function nf(e,t,l){return e===null||t===null?(e===null?1:0)-
(t===null?1:0):l*(typeof e=="string"?e.localeCompare(t):e-t)}var lf=new Intl.DateTimeFormat(void 0,{dateStyle:"medium",timeZone:"UTC"}),of=new Intl.DateTimeFormat(
void 0,{dateStyle:"medium",timeStyle:"short"});function gn(e){return lf.format(Date.parse(e))}function to(e){return e===null?"":of.format(Date.parse(e))}var ea=280,bs=matchMedia("(prefers-color-scheme: dark)"),sf=new Intl.DateTimeFormat(void 0,{day:"numeric",month:"short",timeZone:"UTC"}),rf=new Intl.NumberFormat(
void 0,{notation:"compact"});function ta(e){let t=e.map(w=>Date.parse(w.date)/1e3),l=h("div",{class:"plot"}),n=h("p",{class:"reading"}),s=e.reduce((w,g)=>g.total_calls>
w.total_calls?g:w,e[0]),a=h("figure",{class:"chart"},h("figcaption",{},h("h2",{},"Calls and answer-seizure ratio by day"),h("ul",{class:"legend"},h("li",{},h("s\
pan",{class:"swatch calls","aria-hidden":!0}),"Calls"),h("li",{},h("span",{class:"swatch asr","aria-hidden":!0}),"Answer-seizure ratio"))),h("div",{role:"img","\
aria-label":Xr(e,s)},l),n);function r(w){let g=w==null?null:e[w];n.textContent=g?`${gn(g.date)}: ${me(g.total_calls,"count")} calls, ${me(g.asr,"percent")}`:Xr(
e,s)}let f;function d(){let w=f?.width??l.clientWidth;f?.destroy(),f=new Oe(af(w,r),[t,e.map(g=>g.total_calls),e.map(g=>g.asr)],l)}r(null);let m=new ResizeObserver(
()=>{l.isConnected?f?f.width!==l.clientWidth&&f.setSize({width:l.clientWidth,height:ea}):d():(m.disconnect(),bs.removeEventListener("change",d),f?.destroy())});
return m.observe(l),bs.addEventListener("change",d),a}function Xr(e,t){return`${e.length===1?"1 day":`${me(e.length,"count")} days`}; most calls on ${gn(t.date)}\
: ${me(t.total_calls,"count")}, ${me(t.asr,"percent")} of them answered.`}function af(e,t){let l=getComputedStyle(document.documentElement),n=a=>l.getPropertyValue(
`--${a}-${bs.matches?"dark":"light"}`).trim(),s={stroke:n("muted"),grid:{stroke:n("line"),width:1},ticks:{show:!1}};return{width:e,height:ea,legend:{show:!1},padding:[
12,4,0,4],tzDate:a=>Oe.tzDate(new Date(a*1e3),"Etc/UTC"),cursor:{y:!1,drag:{x:!1,y:!1},points:{size:8}},scales:{calls:{range:(a,r,f)=>[0,Math.max(f,1)]},asr:{range:[
0,100]}},axes:[{...s,grid:{show:!1},values:(a,r)=>r.map(f=>sf.format(f*1e3)),space:64},{...s,scale:"calls",values:(a,r)=>r.map(f=>rf.format(f)),incrs:[1,2,5,10,
20,50,100,200,500,1e3,2e3,5e3,1e4,2e4,5e4,1e5,1e6],size:52},{...s,scale:"asr",side:1,grid:{show:!1},values:(a,r)=>r.map(f=>me(f,"percent")),size:52}],series:[{},
{scale:"calls",label:"Calls",fill:n("calls"),stroke:n("calls"),width:0,points:{show:!1},paths:Oe.paths.bars?.({size:[.7,48]})},{scale:"asr",label:"ASR",stroke:n(
"asr"),width:2,points:{show:!0,size:5,fill:n("asr")}}],hooks:{setCursor:[a=>t(a.cursor.idx)]}}}var na={name:"call-volume",title:"Call volume",takesZone:!0,metrics:()=>[{label:"Total calls",unit:"count",good:null,read:({totals:e})=>Qe(e.total_calls)},{label:"\
Answered",unit:"count",good:null,read:({totals:e})=>Qe(e.answered)},{label:"Answer-seizure ratio",unit:"percent",good:"higher",read:({totals:e})=>Xe(e.asr,e.total_calls)},
{label:"Average call duration",unit:"seconds",good:null,read:({totals:e})=>Xe(e.acd_secs,e.answered)}],isEmpty:({totals:e})=>e.total_calls===0,nothing:"There wa\
s no call in this period.",chart:({daily:e})=>ta(e),tables:({daily:e,hangup_causes:t,totals:l})=>[{caption:"Over the period",section:"totals",rows:[l],columns:[
{key:"total_calls",label:"Calls",unit:"count"},{key:"answered",label:"Answered",unit:"count"},{key:"asr",label:"Answer-seizure ratio",unit:"percent"},{key:"talk\
_secs",label:"Talk time",unit:"seconds"},{key:"acd_secs",label:"Average call duration",unit:"seconds"}]},{caption:"The ten most frequent hangup causes",section:"\
hangup_causes",rows:t,columns:[{key:"cause",label:"Cause",unit:"text"},{key:"calls",label:"Calls",unit:"count"},{key:"share",label:"Of all calls",unit:"percent"}]},
{caption:"By day",section:"daily",rows:e,columns:[{key:"date",label:"Date",unit:"date"},{key:"total_calls",label:"Calls",unit:"count"},{key:"answered",label:"An\
swered",unit:"count"},{key:"asr",label:"Answer-seizure ratio",unit:"percent"},{key:"acd_secs",label:"Average call duration",unit:"seconds"}]}]};var la={name:"campaigns",title:"Campaigns",metrics:()=>[{label:"Attempts",unit:"count",good:null,read:({totals:e})=>Qe(e.attempts)},{label:"Contact rate",unit:"\
percent",good:"higher",read:({totals:e})=>Xe(e.contact_rate,e.attempts)},{label:"Conversion rate",unit:"percent",good:"higher",read:({totals:e})=>Xe(e.conversion_rate,
e.human)},{label:"Abandonment rate",unit:"percent",good:"lower",read:({totals:e})=>Xe(e.abandonment_rate,e.attempts)}],isEmpty:({totals:e})=>e.attempts===0,nothing:"\
Nobody was called in this period.",chart({totals:e}){let t=(l,n,s)=>({label:l,text:me(n,"count")+s,parts:[{share:zt(n,e.attempts),kind:"calls"}]});return Kt("Fr\
om attempts to sales",[t("Attempts",e.attempts,""),t("Leads dialed",e.leads_dialed,""),t("Answered by a human",e.human,`, ${me(e.contact_rate,"percent")} of att\
empts`),t("Sales",e.sales,`, ${me(e.conversion_rate,"percent")} of human answers`)])},tables:({rows:e,totals:t})=>[{caption:"By campaign",section:null,rows:e,totals:{
campaign:"All campaigns",...t},empty:"There is no campaign yet. The dialer makes them.",columns:[{key:"campaign",label:"Campaign",unit:"text"},{key:"attempts",label:"\
Attempts",unit:"count"},{key:"leads_dialed",label:"Leads dialed",unit:"count"},{key:"human",label:"Human",unit:"count"},{key:"machine",label:"Machine",unit:"cou\
nt"},{key:"sales",label:"Sales",unit:"count"},{key:"abandoned",label:"Abandoned",unit:"count"},{key:"contact_rate",label:"Contact rate",unit:"percent"},{key:"co\
nversion_rate",label:"Conversion rate",unit:"percent"},{key:"abandonment_rate",label:"Abandonment rate",unit:"percent",isBad:l=>l.abandonment_breach},{key:"aban\
donment_cap",label:"Cap",unit:"percent"},{key:"abandonment_breach",label:"Breach",unit:"flag",isBad:l=>l.abandonment_breach},{key:"live_abandonment_rate",label:"\
Live abandonment rate",unit:"percent"}]}]};var oa={name:"compliance",title:"Compliance",metrics:()=>[{label:"DNC additions",unit:"count",good:null,read:({dnc:e})=>Qe(e.additions)},{label:"DNC total",unit:"\
count",good:null,read:({dnc:e})=>Qe(e.total)},{label:"Abandonment breaches",unit:"count",good:"lower",read:({abandonment:e})=>Qe(e.breaches)},{label:"Calling-ho\
urs coverage",unit:"percent",good:"higher",read:({calling_hours:e})=>Xe(e.coverage,e.campaigns)}],isEmpty:({dnc:e,abandonment:t})=>e.total===0&&t.campaigns.length===
0,nothing:"There is neither a campaign nor an entry of the do-not-call list yet.",chart({abandonment:{campaigns:e}}){let t=Math.max(0,...e.map(s=>Math.max(s.abandonment_rate,
s.abandonment_cap)))*1.1,l=e.map(s=>({label:s.campaign,text:`${me(s.abandonment_rate,"percent")} of ${me(s.abandonment_cap,"percent")} allowed${s.breach?", brea\
ch":""}`,parts:[{share:zt(s.abandonment_rate,t),kind:s.breach?"breach":"calls"}],mark:zt(s.abandonment_cap,t),isBad:s.breach}));return Kt("Abandonment against t\
he cap, by campaign",l,[{kind:"calls",label:"abandonment rate"},{kind:"breach",label:"above the cap"},{kind:"mark",label:"cap"}])},tables:({abandonment:e,dnc:t,
calling_hours:l})=>[{caption:"Abandonment",section:"abandonment",rows:e.campaigns,empty:"There is no campaign yet. The dialer makes them.",columns:[{key:"campai\
gn",label:"Campaign",unit:"text"},{key:"attempts",label:"Attempts",unit:"count"},{key:"abandoned",label:"Abandoned",unit:"count"},{key:"abandonment_rate",label:"\
Abandonment rate",unit:"percent",isBad:n=>n.breach},{key:"abandonment_cap",label:"Cap",unit:"percent"},{key:"breach",label:"Breach",unit:"flag",isBad:n=>n.breach}]},
{caption:"Calling hours",section:"calling_hours",rows:[l],columns:[{key:"campaigns",label:"Campaigns",unit:"count"},{key:"campaigns_with_hours",label:"With call\
ing hours",unit:"count"},{key:"coverage",label:"Coverage",unit:"percent"},{key:"attempts",label:"Attempts",unit:"count"},{key:"inside",label:"Inside",unit:"coun\
t"},{key:"outside",label:"Outside",unit:"count",isBad:n=>n.outside>0},{key:"unknown",label:"Unknown",unit:"count"},{key:"inside_rate",label:"Inside rate",unit:"\
percent"}]},{caption:"Do-not-call list",section:"dnc",rows:t.by_source,totals:{source:"All sources",total:t.total,additions:t.additions},empty:"The do-not-call \
list is empty.",columns:[{key:"source",label:"Source",unit:"text"},{key:"total",label:"Entries",unit:"count"},{key:"additions",label:"Added in this period",unit:"\
count"}]}]};var cf=3,sa={name:"dispositions",title:"Dispositions",metrics:({rows:e})=>[{label:"Dispositions",unit:"count",good:null,read:({totals:t})=>Qe(t.count)},...e.slice(
0,cf).map(({code:t,label:l})=>({label:l,unit:"percent",good:null,read:n=>{let s=n.rows.find(a=>a.code===t)??{count:0,share:0};return{...Xe(s.share,n.totals.count),
count:s.count}}}))],isEmpty:({totals:e})=>e.count===0,nothing:"No attempt of this period has a disposition.",chart({rows:e}){let t=e.map(l=>({label:l.label,text:`${me(
l.count,"count")}, ${me(l.share,"percent")}`,parts:[{share:zt(l.count,e[0].count),kind:"calls"}]}));return Kt("How attempts ended",t)},tables:({rows:e,totals:t})=>[
{caption:"By disposition",section:null,rows:e,totals:{code:"All",count:t.count},columns:[{key:"code",label:"Code",unit:"text"},{key:"label",label:"Label",unit:"\
text"},{key:"category",label:"Category",unit:"text"},{key:"count",label:"Attempts",unit:"count"},{key:"share",label:"Share",unit:"percent"}]}]};function at(e,t,...l){return h("section",{class:"notice"},h("h2",{},e),h("p",{},t),h("div",{class:"actions"},...l))}function no(){return at("The database is wak\
ing up","It sleeps while nobody asks, and needs about a quarter of a minute. This page goes on by itself; there is nothing to do.")}function lo(e,t){let l=h("bu\
tton",{type:"button",onclick:t},"Try again");if(!(e instanceof Ce))return console.error(e),at("This page made a mistake","Reload it. If that does not help, tell\
 whoever runs it.",l);let n=e.errors.map(({field:s,message:a})=>`${s} ${a}`).join("; ");switch(e.status){case 0:return at("No connection",e.message,l);case 400:
return at("This cannot be asked for",n?`${n}.`:e.message);case 403:return at("This is not for your role",`${e.message} An administrator of your centre can give \
you that role, or another key.`);case 404:return at("There is nothing here",e.message);case 429:return at("Too many requests","Wait a moment, then try again.",l);case 503:
return at("The database did not wake up","It has had two minutes. Try again; if it goes on, tell whoever runs this page.",l);default:return at("Something went w\
rong",e.requestId?`The mistake is on our side. Tell support this number: ${e.requestId}`:e.message,l)}}function ys(e,t,l,n){let{first:s,last:a}=Rl(t),r=h("input",{type:"date",id:"first",value:s,required:!0,min:"2000-01-01",max:"9999-12-30"}),f=h("input",{type:"da\
te",id:"last",value:a,required:!0,min:"2000-01-01",max:"9999-12-30"}),d=h("form",{class:"own-range",onsubmit:m=>{if(m.preventDefault(),f.setCustomValidity(f.value<
r.value?"The last day is before the first":""),!d.reportValidity())return;let w=Il(r.value,f.value,e.zone);n({choice:null,from:w.from,to:w.to})},onchange:()=>f.
setCustomValidity("")},h("label",{for:"first"},"From"),r,h("label",{for:"last"},"to"),f,h("button",{type:"submit"},"Show"));return h("div",{class:"choices"},h("\
div",{class:"periods",role:"group","aria-label":"Period"},Object.entries(Ol).map(([m,w])=>h("button",{type:"button","aria-pressed":String(e.choice===m),onclick:()=>n(
{choice:m,from:null,to:null})},w))),d,h("div",{class:"field"},h("label",{for:"zone"},"Time zone"),uf(e,t,n)),h("div",{class:"field tenants",hidden:!l?.tenants&&
!e.tenant},ff(e,l,n)))}function uf(e,t,l){let n=[...new Set([e.zone,Ml(),"UTC"])],s=Intl.supportedValuesOf("timeZone").filter(r=>!n.includes(r)),a=r=>r.map(f=>h(
"option",{value:f,selected:f===e.zone},f));return h("select",{id:"zone",onchange:r=>{let f=r.target.value;if(!Pl(f))return;if(e.choice)return l({zone:f});let{first:d,
last:m}=Rl(t),w=Il(d,m,f);l({zone:f,from:w.from,to:w.to})}},h("optgroup",{label:"Nearest"},a(n)),h("optgroup",{label:"All"},a(s)))}function ff(e,t,l){let n=e.tenant??
t?.tenant.id,s=t?.tenants??[],a=s.map(({id:r,name:f,slug:d})=>h("option",{value:r,selected:r===n},f??d??r));return n&&!s.some(({id:r})=>r===n)&&a.unshift(h("opt\
ion",{value:n,selected:!0},n)),[h("label",{for:"tenant"},"Tenant"),h("select",{id:"tenant",onchange:r=>l({tenant:r.target.value===t?.tenant.id?null:r.target.value})},
a)]}var df=5*6e4;async function _s(e,t,l,n,s,a){let r=l.choice?ri(l.choice,l.zone,Date.now()):{from:l.from??"",to:l.to??"",zone:l.zone},f=ai(r),d=h("p",{class:"stat\
us",role:"status"},"Loading \u2026"),m=h("div",{class:"body","aria-busy":!0},pf()),w=h("div",{},ys(l,r,null,s));Se(e,h("div",{class:"title"},h("h1",{},t.title),
h("p",{class:"period"},`${Eo(r)}, ${r.zone}`,h("span",{class:"compared"},` compared with ${Eo(f)}`))),w,d,m),n.then(v=>{!a.aborted&&(v?.tenants||l.tenant)&&Se(w,
ys(l,r,v,s))});let g=()=>_s(e,t,l,n,s,a),y=()=>{m.getAttribute("aria-busy")===null||a.aborted||(d.textContent="The database is waking up \u2026",Se(m,no()))};try{
let v=ia(t,l,f,{signal:a});v.catch(()=>{});let k=await ia(t,l,r,{signal:a,onSlow:y});if(m.removeAttribute("aria-busy"),t.isEmpty(k)){d.textContent=ws(k);let O=l.
choice==="7d"&&h("button",{type:"button",onclick:()=>s({choice:"30d"})},"Last 30 days");Se(m,at("No data in this period",`${t.nothing} Choose a longer or an ear\
lier period. If there should be something, ask whether the dialer writes into this database.`,O),ra(t,l,r,k));return}let x=h("div",{},Lo(t.metrics(k),k));if(a.aborted)
return;Se(m,x,t.chart(k),ra(t,l,r,k)),d.textContent=ws(k);try{Se(x,Lo(t.metrics(k),k,await v))}catch{if(a.aborted)return;d.textContent=`${ws(k)} The period befo\
re could not be had, so nothing is compared.`}mf(l,d,g,a)}catch(v){if(a.aborted)return;if(m.removeAttribute("aria-busy"),d.textContent="",v instanceof Ce&&v.status===
401)return bn(e);Se(m,lo(v,g))}}function bn(e){e.dispatchEvent(new Event("unauthorized",{bubbles:!0}))}function aa(e,t,{from:l,to:n,zone:s}){let a=new URLSearchParams(
{from:l,to:n});return e.takesZone&&a.set("timezone",s),t.tenant&&a.set("tenant_id",t.tenant),`reports/${e.name}?${a}`}function ia(e,t,l,n){return St(aa(e,t,l),n)}
function ws(e){return`As of ${new Intl.DateTimeFormat(void 0,{timeStyle:"medium"}).format(Date.parse(e.generated_at))}.`}function ra(e,t,l,n){return e.tables(n).
map(s=>{let a=h("span",{class:"problem",role:"alert"}),r=h("button",{type:"button",class:"csv","aria-label":`Download ${s.caption} as CSV`,onclick:async()=>{r.disabled=
!0,a.textContent="";try{await xi(`${aa(e,t,l)}&format=csv${s.section?`&section=${s.section}`:""}`)}catch(f){if(f instanceof Ce&&f.status===401)return bn(r);a.textContent=
f instanceof Ce?f.message:"The file could not be saved."}finally{r.disabled=!1}}},"CSV");return Qr(s,h("span",{class:"actions"},a,r))})}function pf(){return h("\
div",{class:"skeleton","aria-hidden":!0},h("div",{class:"headlines"},[1,2,3,4].map(()=>h("div",{class:"card"}))),h("div",{class:"chart"}))}function mf(e,t,l,n){
if(!e.choice||e.choice==="last-month")return;let s="callmetry.current",a=h("input",{type:"checkbox",checked:sessionStorage.getItem(s)!==null,onchange:()=>{a.checked?
sessionStorage.setItem(s,"yes"):sessionStorage.removeItem(s),f()}});t.append(" ",h("label",{},a," Keep current"));let r;function f(){clearTimeout(r),a.checked&&
(r=setTimeout(()=>document.hidden?f():l(),df))}n.addEventListener("abort",()=>clearTimeout(r)),f()}var hf={call_summary:["by_date","by_campaign","dispositions"],qa_performance:["parameter_breakdown","trend","by_agent","by_campaign"],compliance_audit:["violati\
ons","by_rule","by_severity"],agent_coaching:["agents"],campaign_performance:["campaigns","disposition_mix","sentiment_trend"],cdr_export:["calls"]};function ca(e){
let t=Yt(Date.now(),"UTC"),l=ks("type",Object.entries(bl)),n=h("input",{type:"date",id:"order-from",value:Ot(t,-30),required:!0}),s=h("input",{type:"date",id:"o\
rder-to",value:Ot(t,-1),required:!0}),a=ks("format",[["pdf","PDF"],["csv","CSV"],["json","JSON"]]),r=ks("section",[]),f=h("button",{type:"submit"},"Order"),d=h(
"p",{class:"problem",role:"alert"}),m={type:l,from:n,to:s,format:a,section:r};function w(){let y=l.value==="cdr_export";for(let v of a.options)v.disabled=y&&v.value!==
"csv";y&&(a.value="csv"),r.replaceChildren(...hf[l.value].map(v=>h("option",{value:v},v.replaceAll("_"," ")))),r.disabled=a.value!=="csv"||y}w();async function g(){
for(let v of Object.values(m))v.removeAttribute("aria-invalid");d.textContent="",f.disabled=!0;let y={type:l.value,from:n.value,to:s.value,format:a.value,...r.disabled?
{}:{section:r.value}};try{let v={"Content-Type":"application/json","Idempotency-Key":crypto.randomUUID()},k=await St("reports",{body:y,headers:v});e({from:y.from,
to:y.to,...k})}catch(v){if(!(v instanceof Ce))throw v;if(v.status===401)return bn(f);for(let{field:k}of v.errors)m[k]?.setAttribute("aria-invalid","true");d.textContent=
v.errors.map(({field:k,message:x})=>`${k} ${x}`).join("; ")||v.message}finally{f.disabled=!1}}return h("form",{class:"choices order","aria-label":"Order a repor\
t",onchange:w,onsubmit:y=>{y.preventDefault(),g()}},gl("Report",l),gl("From",n),gl("To, included",s),gl("Format",a),gl("Table",r),h("div",{class:"field"},f),d)}
function gl(e,t){return h("div",{class:"field"},h("label",{for:t.id},e),t)}function ks(e,t){return h("select",{id:`order-${e}`},t.map(([l,n])=>h("option",{value:l},
n)))}var gf=3e3,bl={call_summary:"Call summary",campaign_performance:"Campaign performance",agent_coaching:"Agent coaching",qa_performance:"QA performance",compliance_audit:"\
Compliance audit",cdr_export:"Raw calls"};async function Ss(e,t,l){let n=h("p",{class:"status",role:"status"},"Loading \u2026"),s=h("tbody"),a=h("div",{class:"m\
ore"}),r=h("div",{class:"body","aria-busy":!0},h("div",{class:"skeleton","aria-hidden":!0},h("div",{class:"chart"})));Se(e,h("div",{class:"title"},h("h1",{},"On\
-demand reports"),h("p",{class:"period"},"Made in the background, as JSON, CSV or PDF. Files are kept for 90 days.")),ca(k=>w(k)),n,r);let f=new Map;function d(k){
if(!l.aborted){if(r.removeAttribute("aria-busy"),n.textContent="",k instanceof Ce&&k.status===401)return bn(e);Se(r,lo(k,()=>Ss(e,t,l)))}}async function m(k){let x=await St(
`reports?limit=20${k?`&cursor=${encodeURIComponent(k)}`:""}`,{signal:l,onSlow:()=>{f.size===0&&!l.aborted&&Se(r,no())}});for(let O of x.reports)s.append(g(O));Se(
a,x.next_cursor&&h("button",{type:"button",onclick:O=>{O.target.disabled=!0,m(x.next_cursor).catch(d)}},"Show older ones")),n.textContent=x.total===1?"1 report.":
`${new Intl.NumberFormat().format(x.total)} reports.`}function w(k){s.prepend(g(k)),y(),n.textContent="The report is being made."}function g(k){let x=bf(k,k.report_id===
t.id,O=>{O instanceof Ce&&O.status===401?bn(e):n.textContent=O instanceof Ce?O.message:"The file could not be had."});return f.get(k.report_id)?.row.replaceWith(
x),f.set(k.report_id,{report:k,row:x}),x}function y(){if(f.size===0)return Se(r,at("Nothing was ordered yet","Order a report above; it appears here, and its fil\
e with it."));Se(r,h("section",{class:"table"},h("div",{class:"scroll",role:"region","aria-label":"Reports",tabindex:0},h("table",{},h("thead",{},h("tr",{},["Re\
port","Period","Format","Ordered","Status","File"].map(k=>h("th",{scope:"col"},k)))),s)),a))}async function v(){for(;!l.aborted;)if(await new Promise(k=>setTimeout(
k,gf)),!(l.aborted||document.hidden))for(let{report:k}of[...f.values()].filter(({report:x})=>x.status==="generating")){let x=await St(`reports/${k.report_id}`,{
signal:l});x.status!=="generating"&&!l.aborted&&(g(x),n.textContent=x.status==="completed"?`${bl[x.type]??x.type} is ready.`:`${bl[x.type]??x.type} has failed.`)}}
try{let k=t.id?await St(`reports/${encodeURIComponent(t.id)}`,{signal:l}).catch(x=>{if(x instanceof Ce&&x.status===404)return null;throw x}):null;await m(null),
k&&!f.has(k.report_id)&&s.prepend(g(k)),r.removeAttribute("aria-busy"),y(),await v()}catch(k){d(k)}}function bf(e,t,l){let n=bl[e.type]??e.type,s=e.from?`${gn(e.
from)} \u2013 ${gn(e.to)}`:"";return h("tr",{class:t?"named":null,"data-id":e.report_id},h("th",{scope:"row"},n,e.scheduled&&h("small",{},"on a schedule")),h("t\
d",{},s),h("td",{},e.format.toUpperCase()),h("td",{},to(e.created_at)),h("td",{class:e.status},e.status==="failed"&&e.error?`failed: ${e.error}`:e.status),h("td",
{},yf(e,n,l)))}function yf(e,t,l){if(e.status!=="completed")return null;if(e.file_expired)return"no longer kept";let n=h("button",{type:"button",class:"csv","ar\
ia-label":`Download ${t}, ordered ${to(e.created_at)}`,onclick:async()=>{n.disabled=!0;try{let{download_url:s,data:a}=await St(`reports/${e.report_id}`);s?location.
assign(s):a?$o(new Blob([JSON.stringify(a,null,2)],{type:"application/json"}),`${e.report_id}.json`):l(new Ce(410,"The file is no longer kept."))}catch(s){l(s)}finally{
n.disabled=!1}}},"Download");return n}function ua(e,t,l){let n=Zt.length>0?wf():_f(l);Se(e,h("section",{class:"sign-in"},h("h1",{},"Sign in"),t&&h("p",{class:"why",role:"alert"},t),n)),e.querySelector(
Zt.length>0?"button":"input")?.focus()}function wf(){return h("div",{class:"actions"},Zt.map(e=>h("button",{type:"button",onclick:()=>zl(e)},`Sign in with ${new URL(
e.issuer,location.href).host}`)))}function _f(e){let t=h("p",{class:"problem",role:"alert",id:"key-problem"}),l=h("input",{type:"password",id:"key",autocomplete:"\
off",required:!0,spellcheck:"false","aria-describedby":"key-problem key-help"}),n=h("button",{type:"submit"},"Sign in");return h("form",{onsubmit:async s=>{s.preventDefault();
let a=l.value.trim();if(!/^cm_[0-9A-Za-z]{38}$/.test(a)){t.textContent="This is no API key: one begins with cm_ and has 41 characters.";return}n.disabled=!0,t.textContent=
"",No(a);try{await $l("caller",{onSlow:()=>{t.textContent="The database is waking up \u2026"}}),e()}catch(r){rl();let f=r instanceof Ce?r.status:0;t.textContent=
f===401?"This key is not known, has expired, or was revoked.":r instanceof Error?r.message:String(r),l.focus()}finally{n.disabled=!1}}},h("div",{class:"field"},
h("label",{for:"key"},"API key"),l),n,t,h("p",{id:"key-help",class:"help"},"It stays in this tab and is forgotten with it. Ask an administrator of your centre f\
or one."))}var vs=[la,wi,na,oa,sa],kf=vs.map(e=>e.name),da=document.getElementById("header"),Kn=document.getElementById("content"),yl=new AbortController,xs=Promise.resolve(
null);function pa(){xs=St("caller").catch(()=>null),Ts()}function Ts(){if(yl.abort(),il()===null)return wl(null);yl=new AbortController;let e=ui(location.search,
kf);Sf(e);let t=vs.find(l=>l.name===e.report);document.title=`${t?.title??"On-demand reports"} \u2013 Callmetry`,t?_s(Kn,t,e,xs,l=>ma({...e,...l}),yl.signal):Ss(
Kn,e,yl.signal)}function ma(e){history.pushState(null,"",Po(e)),Ts()}function wl(e){yl.abort(),Se(da,ha()),document.title="Sign in \u2013 Callmetry",e===null&&_i()?
(Se(Kn,h("p",{class:"status",role:"status"},"Signing in \u2026")),zl(Zt[0])):ua(Kn,e,pa)}function Sf(e){let t=[...vs,{name:Mo,title:"On demand"}],l=h("span",{class:"\
who"});Se(da,ha(),h("nav",{"aria-label":"Reports"},t.map(({name:n,title:s})=>{let a={...e,report:n,id:null};return h("a",{href:Po(a),"aria-current":n===e.report?
"page":null,onclick:r=>{r.metaKey||r.ctrlKey||r.shiftKey||r.button!==0||(r.preventDefault(),ma(a),Kn.focus({preventScroll:!0}),scrollTo(0,0))}},s)})),l,h("butto\
n",{type:"button",class:"quiet",onclick:vf},"Sign out")),xs.then(n=>{if(!n)return;let{name:s,slug:a,id:r}=n.tenant;l.textContent=s??a??r,l.title=`${n.user_id}, ${n.
role.replace("_"," ")}`})}function ha(){return h("a",{class:"brand",href:location.pathname},"Callmetry")}function vf(){rl(),wl("You have signed out.")}Kn.addEventListener(
"unauthorized",()=>{rl(),wl("Your session has ended: the key or token is not good any more. Sign in again.")});addEventListener("popstate",Ts);var fa=await Si();
fa!==null?wl(fa):il()!==null?pa():wl(null);
