package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.message.Answer;
import dev.tiphys.network.router.message.ErrorPage;
import dev.tiphys.network.router.message.Forwarded;
import dev.tiphys.network.router.message.HopByHop;
import dev.tiphys.network.router.message.Outgoing;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.ErrorPages;
import dev.tiphys.network.router.table.Fault;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Mirror;
import dev.tiphys.network.router.table.Retries;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request that is passed on, from when its head is there until the last of the response was
/// written, or either side has gone.
///
/// The content of the request is pulled only when there is a connection to an endpoint with room
/// for it, that of the response only when the client has room.
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
  private final Replay replay = new Replay();
  private final Deadlines.Deadline deadline;
  private final long end; // of the time for all of it
  private final List<Mirroring> mirrorings = new ArrayList<>(0);
  private final Turn turn;
  private @Nullable Upstream upstream;
  private @Nullable Runnable delayed;
  private int status;
  private boolean sent;
  private boolean interim;
  private boolean responding;
  private @Nullable HttpContent held; // of the response, until it is its time
  private boolean endpointKeeps;
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
    this.deadline = worker.deadlines().add(this::onOverdue);
    long whole = forward.timeouts().whole().toNanos();
    this.end = whole == 0 ? Long.MAX_VALUE : account.begun() + whole;
  }

  /// The request has no content, whatever the client has sent.
  Exchange withoutContent() {
    replay.keep(LastHttpContent.EMPTY_LAST_CONTENT);
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
    deadline.in(delay);
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
    switch (turn.enter(chosen, () -> passTo(chosen, forwarded))) {
      case NOW -> passTo(chosen, forwarded);
      case REFUSED -> fail(503);
      case LATER -> deadline.in(forward.timeouts().idle(), end);
    }
  }

  private void passTo(Backend chosen, Forwarded forwarded) {
    Outgoing.prepare(head, forward, forwarded, client.channel(), worker.random());
    turn.prepare(head, client.channel().remoteAddress());
    mirror();
    attempt(chosen);
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

  private void mirror() {
    for (Mirror mirror : forward.mirrors()) {
      if (mirror.isDrawn(worker.random())) {
        Mirroring copy = Mirroring.begin(worker, mirror.backend(), head.request(), client::reaches);
        if (copy != null) {
          mirrorings.add(copy);
        }
      }
    }
  }

  /// Passes the request on to another endpoint.
  private void attempt(Backend to) {
    Endpoint next = turn.next();
    if (next == null) {
      fail(503);
      return;
    }
    if (!client.reaches(next)) {
      close();
      client.answer(Answer.text(503, REFUSED), account);
      return;
    }
    account.tried(next);
    turn.take(next);
    sent = false;
    Upstream resting = worker.pool().take(next);
    if (resting != null) {
      onConnected(resting);
      return;
    }
    deadline.in(forward.timeouts().perTry(), end);
    worker
        .pool()
        .connect(
            next,
            to.policy(),
            new Pool.Waiting() {
              @Override
              public void connected(Upstream made) {
                if (over || !turn.isAt(next) || upstream != null) {
                  worker.pool().give(made);
                } else {
                  onConnected(made);
                }
              }

              @Override
              public void failed(Throwable cause) {
                if (!over && turn.isAt(next) && upstream == null) {
                  onFailure(Retries.On.CONNECT, 502);
                }
              }
            });
  }

  private void onConnected(Upstream made) {
    upstream = made;
    made.begin(this);
    made.write(head.request());
    replay.writeTo(made);
    sent = client.isReceived();
    awaitEndpoint();
    if (!sent) {
      client.pull();
    }
    if (upstream == made) { // the first of the content may have been the last of the exchange
      made.flush();
      made.pull();
    }
  }

  private void awaitEndpoint() {
    var timeouts = forward.timeouts();
    boolean perTry = !responding && !timeouts.perTry().isZero();
    deadline.in(perTry ? timeouts.perTry() : timeouts.idle(), end);
  }

  // From the client

  void onRequestContent(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      fail(400);
      return;
    }
    account.received(content.content().readableBytes());
    mirrorings.forEach(each -> each.onRequestContent(content));
    if (forward.retries().tries() > 1 && !responding) {
      replay.keep(content);
    } else {
      replay.drop();
    }
    boolean last = content instanceof LastHttpContent;
    Upstream to = upstream;
    if (to == null) { // between two tries: what is kept goes with the next
      content.release();
      if (!replay.isWhole()) {
        fail(502);
      }
      return;
    }
    to.write(content);
    if (last) {
      sent = true;
      to.flush();
      awaitEndpoint();
      if (!head.asksForUpgrade()) {
        client.pull(); // to learn when the client goes
      }
    } else if (to.isWritable()) {
      awaitEndpoint();
      client.pull();
    } else {
      to.flush();
    }
  }

  void onClientPause() {
    if (upstream != null) {
      upstream.flush();
    }
  }

  void onClientWritable() {
    if (responding && upstream != null && held == null) {
      awaitEndpoint();
      upstream.pull();
    }
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
    if (!sent && !over) {
      awaitEndpoint();
      client.pull();
    }
  }

  @Override
  public void onResponse(HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      onFailure(Retries.On.BROKEN, 502);
      return;
    }
    status = response.status().code();
    if (status == 101) {
      switchProtocols(response);
      return;
    }
    if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      interim = true;
      HopByHop.remove(response.headers());
      client.interim(response);
      pullResponse();
      return;
    }
    turn.report(status);
    if (forward.retries().isFor(status, response.headers().getInt("grpc-status", -1))
        && canTryAgain()) {
      tryAgain();
      return;
    }
    if (isReplaced(status)) {
      showPage(status);
      return;
    }
    responding = true;
    replay.drop();
    endpointKeeps =
        upstream != null
            && (upstream.isStream() || HttpUtil.isKeepAlive(response) && hasEnd(response));
    HopByHop.remove(response.headers());
    Outgoing.edit(response.headers(), forward.response());
    turn.tell(response.headers());
    client.respond(response);
    awaitEndpoint();
    pullResponse();
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

  /// Whether the end of a response is told by something else than the end of the connection (RFC
  /// 9112, 6.3).
  private boolean hasEnd(HttpResponse response) {
    return HttpUtil.isContentLengthSet(response)
        || HttpUtil.isTransferEncodingChunked(response)
        || status == 204
        || status == 304
        || head.isHead();
  }

  @Override
  public void onResponseContent(HttpContent content) {
    if (interim) {
      interim = !(content instanceof LastHttpContent);
      content.release();
      pullResponse();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      onUpstreamBroken();
      return;
    }
    passOn(content);
  }

  /// Passes on what may be by now, and the rest later.
  private void passOn(HttpContent content) {
    int allowed = account.allowed();
    if (content.content().readableBytes() > allowed) {
      account.sent(allowed);
      client.write(new DefaultHttpContent(content.content().readRetainedSlice(allowed)));
      client.flush();
      held = content;
      deadline.in(Duration.ZERO, end);
      worker
          .world()
          .background()
          .schedule(Pace.STEP, () -> worker.loop().execute(this::passOnHeld));
      return;
    }
    boolean last = content instanceof LastHttpContent;
    account.sent(content.content().readableBytes());
    client.write(content);
    if (last) {
      finish();
    } else if (client.isWritable()) {
      awaitEndpoint();
      pullResponse();
    } else {
      client.flush();
    }
  }

  private void passOnHeld() {
    HttpContent next = held;
    held = null;
    if (next != null) {
      passOn(next);
    }
  }

  private void pullResponse() {
    if (upstream != null) {
      upstream.pull();
    }
  }

  @Override
  public void onUpstreamPause() {
    if (responding) {
      client.flush();
    }
  }

  @Override
  public void onUpstreamBroken() {
    Upstream broken = upstream;
    if (broken != null && broken.isReused()) {
      worker.pool().drop(broken.endpoint()); // the others will be as old
    }
    onFailure(Retries.On.BROKEN, 502);
  }

  private void switchProtocols(HttpResponse response) {
    Upstream with = upstream;
    if (with == null || !sent || !head.asksForUpgrade()) {
      fail(502);
      return;
    }
    over = true;
    deadline.drop();
    replay.drop();
    upstream = null;
    client.switchProtocols(response);
    with.channel().closeFuture().addListener(_ -> turn.end());
    account.end(101);
    Tunnel.join(client, with);
  }

  // The end

  private void onOverdue() {
    Runnable next = delayed;
    if (next != null) {
      delayed = null;
      next.run();
    } else if (!sent && !responding && upstream != null && upstream.isWritable()) {
      fail(408);
    } else if (end != Long.MAX_VALUE && worker.world().nanoTime() - end >= 0) {
      turn.report(false);
      failOrAbort(504);
    } else {
      onFailure(Retries.On.BROKEN, 504);
    }
  }

  private void onFailure(Retries.On what, int failure) {
    turn.report(false);
    if (!responding && forward.retries().isFor(what, head.isIdempotent()) && canTryAgain()) {
      tryAgain();
    } else {
      failOrAbort(failure);
    }
  }

  private boolean canTryAgain() {
    return account.tries() < forward.retries().tries() && replay.isWhole();
  }

  private void tryAgain() {
    leaveEndpoint();
    Duration pause = forward.retries().pause(account.tries(), worker.random());
    if (pause.isZero()) {
      attemptAgain();
      return;
    }
    deadline.in(Duration.ZERO, end);
    worker.world().background().schedule(pause, () -> worker.loop().execute(this::attemptAgain));
  }

  private void attemptAgain() {
    Backend backend = turn.backend();
    if (!over && backend != null) {
      attempt(backend);
    }
  }

  private void leaveEndpoint() {
    Upstream left = upstream;
    upstream = null;
    if (left != null) {
      left.abandon();
    }
    turn.leaveEndpoint();
  }

  private void close() {
    over = true;
    deadline.drop();
    replay.drop();
    ReferenceCountUtil.release(held);
    held = null;
    mirrorings.forEach(Mirroring::cut);
    leaveEndpoint();
    turn.end();
  }

  private void finish() {
    Upstream done = upstream;
    if (done != null && sent && endpointKeeps) {
      upstream = null;
      worker.pool().give(done);
    }
    close();
    account.end(status);
    client.finished();
  }

  private void failOrAbort(int failure) {
    if (responding) {
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

  private void fail(int failure) {
    if (isReplaced(failure)) {
      showPage(failure);
      return;
    }
    close();
    client.answer(Answer.failure(failure, forward.wording()), account);
  }
}
