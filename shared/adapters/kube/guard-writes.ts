import type { Dispatcher } from 'undici';

/**
 * Returns `dispatcher` with `beforeWrite` called for every request other than GET at the last moment: undici tells a
 * handler of the start right before it writes to the socket, after any wait for a connection. A process that was
 * stopped in between and wakes much later must not send what it once meant to. What `beforeWrite` throws fails the
 * request; the connection stays.
 */
export function guardWrites(dispatcher: Dispatcher, beforeWrite: () => void): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, options.method === 'GET' ? handler : guarded(handler, beforeWrite)),
  );
}

function guarded(handler: Dispatcher.DispatchHandler, beforeWrite: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller, context) {
      beforeWrite();
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...parameters) => handler.onResponseStart?.(...parameters),
    onResponseData: (...parameters) => handler.onResponseData?.(...parameters),
    onResponseEnd: (...parameters) => handler.onResponseEnd?.(...parameters),
    onResponseError: (...parameters) => handler.onResponseError?.(...parameters),
  };
}
