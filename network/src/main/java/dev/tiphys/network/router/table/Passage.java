package dev.tiphys.network.router.table;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request on its way through the filters of its route.
///
/// Threads: the event loop of the request.
public interface Passage {

  RequestView request();

  /// Path and query as they were sent.
  String target();

  /// The headers of the request, as they came.
  List<Map.Entry<String, String>> headers();

  /// Where the request came from.
  InetAddress client();

  /// What the client said as it began TLS; null if it came without.
  @Nullable ClientTls tls();

  /// What runs something on the event loop of the request.
  Executor loop();

  /// Lets the request go on.
  void goOn();

  /// Answers the request with a page that says the status.
  void answer(int status);

  /// Answers the request.
  ///
  /// @param headers what is changed of the headers of the answer
  void answer(Action.Respond respond, HeaderEdits headers);

  /// Sends the client elsewhere.
  void redirect(int status, String location);

  /// Has headers of the request changed before it is passed on.
  void editRequest(HeaderEdits edits);

  /// Has headers of the response changed, whatever responds.
  void editResponse(HeaderEdits edits);

  /// Has the headers of the response changed, if an endpoint gives it.
  void changeResponse(Consumer<Headers> change);

  /// The headers of a response.
  interface Headers {

    /// The values of one, as they came.
    List<String> all(String name);

    /// Gives one other values; none for an empty list.
    void set(String name, List<String> values);
  }

  /// Refuses the request with 413 once it has more content than that.
  ///
  /// @param most in bytes
  void limitContent(long most);

  /// Has no more of the response passed on in a second than that, once some of it was.
  ///
  /// @param perSecond in bytes
  /// @param after how many bytes are passed on before the rate counts
  void limitRate(long perSecond, long after);

  /// Has no line of the request in the access log.
  void leaveOutOfLog();

  /// Has something done when the request has ended.
  void onEnd(Runnable ended);
}
