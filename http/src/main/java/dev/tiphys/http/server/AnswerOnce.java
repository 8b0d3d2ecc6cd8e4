package dev.tiphys.http.server;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.Tunnel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// An exchange that can be answered once.
abstract class AnswerOnce implements Exchange {

  private final AtomicBoolean answered = new AtomicBoolean();

  final boolean isAnswered() {
    return answered.get();
  }

  @Override
  public final void respond(Response response) {
    begin();
    send(response);
  }

  @Override
  public final ResponseStream stream(int status, List<Header> headers) {
    begin();
    return sendStream(status, headers);
  }

  @Override
  public final Tunnel upgrade(List<Header> headers) {
    begin();
    return switchProtocol(headers);
  }

  @Override
  public final ResponseStream messages(List<Header> headers, boolean text) {
    begin();
    return switchToMessages(headers, text);
  }

  private void begin() {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("answered before: " + method() + " " + path());
    }
  }

  /// The handler has returned.
  void handled() {}

  abstract void send(Response response);

  abstract ResponseStream sendStream(int status, List<Header> headers);

  abstract Tunnel switchProtocol(List<Header> headers);

  abstract ResponseStream switchToMessages(List<Header> headers, boolean text);
}
