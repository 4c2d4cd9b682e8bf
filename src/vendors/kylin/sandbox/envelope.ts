import type { Rejection } from './rejections.ts';
import type { KylinSwitches } from './switches.ts';

/** The body of a call that worked. */
export function successText(data: unknown, switches: KylinSwitches): string {
  return JSON.stringify({ code: '000', data, msg: '', ...(switches.extraFields && { trace_id: '7f2c41d09be6' }) });
}

/** The body of a rejection (Kylin ErrorResponse). `url` is the request's, without its query. */
export function rejectionText(rejection: Rejection, url: string, switches: KylinSwitches): string {
  return JSON.stringify({
    code: '999',
    data: null,
    msg: rejection.msg,
    stacktrace: switches.stacktrace === 'full' ? stackTraceOf(rejection) : 'Kylin Service Intercept Stack Feature Enabled.',
    exception: rejection.exception,
    url,
    ...(switches.errorShape === 'source' && { suggestion: rejection.suggestion, error_code: rejection.errorCode }),
    ...(switches.extraFields && { trace_id: '7f2c41d09be6' }),
  });
}

function stackTraceOf(rejection: Rejection): string {
  return [
    `${rejection.exceptionClass}: ${rejection.exception}`,
    '\tat sun.reflect.GeneratedMethodAccessor412.invoke(Unknown Source)',
    '\tat org.springframework.web.method.support.InvocableHandlerMethod.doInvoke(InvocableHandlerMethod.java:205)',
    '\tat org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:166)',
    '\tat org.apache.tomcat.util.threads.TaskThread$WrappingRunnable.run(TaskThread.java:61)',
    '\tat java.lang.Thread.run(Thread.java:750)',
    '',
  ].join('\n');
}
