package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.connections.Peer;
import dev.tiphys.network.router.connections.Upstream;
import dev.tiphys.network.router.message.Answer;
import dev.tiphys.network.router.message.ErrorPage;
import dev.tiphys.network.router.message.Forwarded;
import dev.tiphys.network.router.message.Outgoing;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.ErrorPages;
import dev.tiphys.network.router.table.Fault;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Retries;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request that is passed on, from when its head is there until the last of the response was
/// written, or either side has gone: what is told by either side, and what becomes of it. The
/// request is sent by [Sending], to endpoints that [Tries] finds; [Responding] passes the response
/// on.
///
/// Threads: the event loop.
final class Exchange implements Peer {

  static final int CLIENT_GONE = 499; // nginx' status for its log

  private static final String ABORTED = "fault filter abort";

  private static final String REFUSED = "a network policy does not let the connection through";

  private final ClientStream client;
  private final Worker worker;
  private final RequestHead head;
  private final Action.Forward forward;
  private final @Nullable ErrorPages errors;
  private final Account account;
  private final Turn turn;
  private final Patience patience;
  private final Sending request;
  private final Tries tries;
  private final Responding response;
  private @Nullable Runnable delayed;
  private boolean over;

  Exchange(
      ClientStream client,
      Worker worker,
      RequestHead head,
      Action.Forward forward,
      @Nullable ErrorPages errors,
      Account account) {
    this.client = client;
    this.worker = worker;
    this.head = head;
    this.forward = forward;
    this.errors = errors;
    this.account = account;
    this.turn = new Turn(worker);
    this.patience = new Patience(worker, forward.timeouts(), account.begun(), this::onOverdue);
    this.request = new Sending(client, head, forward, patience);
    this.tries = new Tries(this, worker, forward.retries(), account, patience, turn);
    this.response =
        new Responding(client, worker, head, forward, account, patience, tries, this::finish);
  }

  /// The request has no content, whatever the client has sent.
  Exchange withoutContent() {
    request.withoutContent();
    return this;
  }

  /// Passes the request on, once what is done to it on purpose is done.
  void begin(Forwarded forwarded) {
    Duration delay = forward.fault().delay(worker.random());
    if (delay.isZero()) {
      pass(forwarded);
      return;
    }
    delayed = () -> pass(forwarded);
    patience.delay(delay);
  }

  private void pass(Forwarded forwarded) {
    if (forward.fault().aborts(worker.random())) {
      close();
      abort(forward.fault());
      return;
    }
    Backend chosen = turn.draw(forward.split());
    if (chosen == null) {
      fail(503);
      return;
    }
    account.passedTo(chosen);
    switch (turn.enter(chosen, () -> passOn(forwarded))) {
      case NOW -> passOn(forwarded);
      case REFUSED -> fail(503);
      case LATER -> patience.awaitTurn();
    }
  }

  private void passOn(Forwarded forwarded) {
    Outgoing.prepare(head, forward, forwarded, client.channel(), worker.random());
    turn.prepare(head, client.channel().remoteAddress());
    request.copy(worker);
    tries.next();
  }

  private void abort(Fault fault) {
    String kind = head.header("content-type");
    if (fault.grpcStatus() < 0 || kind == null || !kind.startsWith("application/grpc")) {
      client.answer(Answer.text(fault.status(), ABORTED), account);
      return;
    }
    client.editResponse(
        new HeaderEdits(
            List.of(),
            Map.of("grpc-status", Integer.toString(fault.grpcStatus()), "grpc-message", ABORTED),
            Map.of()));
    client.answer(new Answer(200, kind, "", null), account);
  }

  // From the tries

  /// Whether the client may be led to an endpoint.
  boolean reaches(Endpoint endpoint) {
    return client.reaches(endpoint);
  }

  /// The client may not be led to the endpoint whose turn it is.
  void refuseConnection() {
    close();
    client.answer(Answer.text(503, REFUSED), account);
  }

  /// An endpoint is tried, once it is connected.
  void onTry() {
    request.beginAgain();
  }

  /// Whether the request can be sent to another endpoint.
  boolean isRepeatable() {
    return request.isRepeatable();
  }

  void onConnected(Upstream made) {
    made.begin(this);
    request.begin(made);
    if (tries.upstream() == made) { // the first of the content may have been the last of it all
      made.flush();
      made.pull();
    }
  }

  /// An endpoint has failed: another one is tried, or the client is told.
  void onFailure(Retries.On what, int failure) {
    turn.report(false);
    boolean retried =
        !response.hasBegun() && forward.retries().isFor(what, head.isIdempotent()) && tries.again();
    if (!retried) {
      failOrAbort(failure);
    }
  }

  // From the client

  void onRequestContent(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      fail(400);
      return;
    }
    account.received(content.content().readableBytes());
    request.keep(content, response.hasBegun());
    Upstream to = tries.upstream();
    if (to != null) {
      request.pass(content, to, response.hasBegun());
      return;
    }
    content.release(); // between two tries: what is kept goes with the next
    if (!request.isRepeatable()) {
      fail(502);
    }
  }

  void onClientPause() {
    Upstream to = tries.upstream();
    if (to != null) {
      to.flush();
    }
  }

  void onClientWritable() {
    response.onWritable();
  }

  void onClientGone() {
    if (over) {
      return;
    }
    close();
    account.end(CLIENT_GONE);
  }

  // From the endpoint

  @Override
  public void onUpstreamWritable() {
    if (!over) {
      request.onWritable(response.hasBegun());
    }
  }

  @Override
  public void onResponse(HttpResponse answered) {
    if (answered.decoderResult().isFailure()) {
      onFailure(Retries.On.BROKEN, 502);
      return;
    }
    int status = answered.status().code();
    if (status == 101) {
      switchProtocols(answered);
      return;
    }
    if (answered.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      response.passInterim(answered);
      return;
    }
    turn.report(status);
    if (forward.retries().isFor(status, answered.headers().getInt("grpc-status", -1))
        && tries.again()) {
      return;
    }
    if (isReplaced(status)) {
      showPage(status);
      return;
    }
    request.forget();
    response.begin(answered, turn);
  }

  /// Whether the client is shown something else than this answer. While it still sends it is not,
  /// since what it sends is for the backend that gave up.
  private boolean isReplaced(int answered) {
    return errors != null && errors.statuses().contains(answered) && client.isReceived();
  }

  private void showPage(int answered) {
    close();
    if (errors != null) {
      client.showPage(ErrorPage.of(head, errors, answered), errors, account);
    }
  }

  @Override
  public void onResponseContent(HttpContent content) {
    if (response.isOfInterim(content)) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      onUpstreamBroken();
      return;
    }
    response.pass(content);
  }

  @Override
  public void onUpstreamPause() {
    response.onPause();
  }

  @Override
  public void onUpstreamBroken() {
    Upstream broken = tries.upstream();
    if (broken != null && broken.isReused()) {
      worker.pool().drop(broken.endpoint()); // the others will be as old
    }
    onFailure(Retries.On.BROKEN, 502);
  }

  private void switchProtocols(HttpResponse answered) {
    Upstream with = tries.upstream();
    if (with == null || !request.isSent() || !head.asksForUpgrade()) {
      fail(502);
      return;
    }
    over = true;
    patience.drop();
    request.forget();
    tries.handOver(with);
    client.switchProtocols(answered);
    account.end(101);
    Tunnel.join(client, with);
  }

  // The end

  private void onOverdue() {
    Runnable next = delayed;
    if (next != null) {
      delayed = null;
      next.run();
    } else if (!response.hasBegun() && request.awaitsClient(tries.upstream())) {
      fail(408);
    } else if (patience.isOver()) {
      turn.report(false);
      failOrAbort(504);
    } else {
      onFailure(Retries.On.BROKEN, 504);
    }
  }

  private void close() {
    over = true;
    patience.drop();
    request.end();
    response.end();
    tries.end();
  }

  private void finish() {
    if (request.isSent() && response.isKeepable()) {
      tries.giveConnection();
    }
    close();
    account.end(response.status());
    client.finished();
  }

  private void failOrAbort(int failure) {
    if (response.hasBegun()) {
      close();
      account.end(failure);
      client.abort();
    } else {
      fail(failure);
    }
  }

  /// Refuses the request while its content is still coming.
  void refuse(int refusal) {
    failOrAbort(refusal);
  }

  void fail(int failure) {
    if (isReplaced(failure)) {
      showPage(failure);
      return;
    }
    close();
    client.answer(Answer.failure(failure, forward.wording()), account);
  }
}
