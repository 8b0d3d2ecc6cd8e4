package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.message.Answer;
import dev.tiphys.network.router.message.Outgoing;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.ClientTls;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.network.router.table.RequestView;
import dev.tiphys.network.router.tls.Certificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Has the filters of a route look at a request, one after the other.
///
/// Threads: the event loop.
final class Filtering implements Passage {

  private final ClientStream client;
  private final Worker worker;
  private final RequestHead head;
  private final Account account;
  private final Iterator<Filter> filters;
  private final Runnable passed;
  private boolean over;

  /// @param passed takes the request when all filters have let it go on
  Filtering(
      ClientStream client,
      Worker worker,
      RequestHead head,
      Account account,
      List<Filter> filters,
      Runnable passed) {
    this.client = client;
    this.worker = worker;
    this.head = head;
    this.account = account;
    this.filters = filters.iterator();
    this.passed = passed;
  }

  /// The client has gone: what filters decide from now on is not heard.
  void cut() {
    over = true;
  }

  @Override
  public RequestView request() {
    return head;
  }

  @Override
  public String target() {
    return head.target();
  }

  @Override
  public List<Map.Entry<String, String>> headers() {
    return head.request().headers().entries();
  }

  @Override
  public InetAddress client() {
    SocketAddress address = client.remoteAddress();
    return address instanceof InetSocketAddress internet
        ? internet.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  @Override
  public @Nullable ClientTls tls() {
    return Certificates.of(client.channel());
  }

  @Override
  public Executor loop() {
    return worker.loop();
  }

  @Override
  public void goOn() {
    if (over) {
      return;
    }
    if (filters.hasNext()) {
      filters.next().filter(this);
    } else {
      over = true;
      passed.run();
    }
  }

  private void answer(Answer answer) {
    if (!over) {
      over = true;
      client.answer(answer, account);
    }
  }

  @Override
  public void answer(int status) {
    answer(Answer.page(status));
  }

  @Override
  public void answer(Action.Respond respond, HeaderEdits headers) {
    editResponse(headers);
    answer(new Answer(respond.status(), respond.contentType(), respond.content(), null));
  }

  @Override
  public void redirect(int status, String location) {
    answer(Answer.redirect(status, location));
  }

  @Override
  public void editRequest(HeaderEdits edits) {
    Outgoing.edit(head.request().headers(), edits);
  }

  @Override
  public void editResponse(HeaderEdits edits) {
    client.editResponse(edits);
  }

  @Override
  public void changeResponse(Consumer<Headers> change) {
    client.changeResponse(change);
  }

  @Override
  public void limitContent(long most) {
    client.limitContent(most);
  }

  @Override
  public void limitRate(long perSecond, long after) {
    account.limitRate(perSecond, after);
  }

  @Override
  public void leaveOutOfLog() {
    account.leaveOutOfLog();
  }

  @Override
  public void onEnd(Runnable ended) {
    account.onEnd(ended);
  }
}
