package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.apiserver.audit.Trail;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.fairness.Fairness;
import dev.tiphys.apiserver.fairness.FlowRequest;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.Latencies.Layer;
import dev.tiphys.apiserver.request.Turn;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.api.ApiException;

/// The chain that every request passes, whichever door it came through:
///
/// | Stage | Where |
/// |---|---|
/// | limits of the connection | module `http`, before there is a request |
/// | authentication | [#authenticate] |
/// | audit | [dev.tiphys.apiserver.audit.Trail]: begun here, ended by the door once it has answered |
/// | impersonation | [Impersonation] |
/// | priority and fairness | [Fairness] |
/// | authorization | [Authorizer] |
/// | routing | [Router], called by the door's handler |
/// | admission, registry | `registry.Registry`, below the operation that the handler calls |
///
/// The content of a request is read by the handler, so only once its sender was let through.
///
/// Threads: any.
public final class Pipeline {

  private final Fairness fairness;
  private final Authorizer authorizer;
  private final Impersonation impersonation;
  private final Router router;
  private final Auditor auditor;

  /// @param auditor records requests
  public Pipeline(Fairness fairness, Authorizer authorizer, Router router, Auditor auditor) {
    this.auditor = auditor;
    this.fairness = fairness;
    this.authorizer = authorizer;
    this.impersonation = new Impersonation(authorizer);
    this.router = router;
  }

  /// What a request comes to, once it has been let through.
  @FunctionalInterface
  public interface Handler<T> {
    T handle(Call call);
  }

  /// Takes a request through the chain to its handler, and returns what that returns.
  ///
  /// @throws ApiException of the stage that refuses it, or of the handler
  /// @throws dev.tiphys.apiserver.fairness.Overload if too many are served already
  public <T> T serve(Request request, Handler<T> handler) {
    RequestInfo info = request.info();
    Trail trail = request.trail();
    long begun = trail.clock();
    UserInfo sent = authenticate(request);
    trail.took(Layer.AUTHENTICATION, begun);
    trail.begin(sent, info.verb(), info.attributes(sent).subject(), info.isLongRunning());
    begun = trail.clock();
    Impersonation.Effective effective = impersonation.effective(request.sender(), sent, info);
    UserInfo user = effective.user();
    if (user != sent) {
      trail.took(Layer.IMPERSONATION, begun);
      trail.impersonated(user, effective.constraint());
    }
    begun = trail.clock();
    try (Turn turn = turn(request, user)) {
      trail.took(Layer.APF_QUEUE_WAIT, begun);
      begun = trail.clock();
      authorizer.check(info.attributes(user), trail::authorized);
      if (info.opensSession()) {
        authorizer.check(info.as("create").attributes(user), trail::authorized);
      }
      trail.took(Layer.AUTHORIZATION, begun);
      Call call = request.call(user).inTurn(turn);
      try {
        return handler.handle(call);
      } finally {
        trail.annotate(call.annotations());
        trail.took(call.latencies());
        trail.decoded(call.object());
        trail.annotateContent(call.contentAnnotations());
      }
    }
  }

  /// Waits for the request's turn. What goes on for as long as its client likes needs none, but for
  /// what a watch tells at its start; nor do parts of the cluster in this process: how many
  /// requests they make at once is bounded by their own workers, and they must not be held up by a
  /// flood from outside.
  private Turn turn(Request request, UserInfo user) {
    RequestInfo info = request.info();
    boolean counts = !info.isLongRunning() || info.verb().equals("watch");
    return switch (request.sender()) {
      case Sender.OverHttp(var _, var exchange, var told) when counts ->
          fairness.admit(
              new FlowRequest(user, info.verb(), info.attributes(user).subject(), exchange::isGone),
              request.seats(),
              told);
      case Sender.OverHttp _, Sender.InProcess _ -> Turn.FREE;
    };
  }

  /// Where doors begin the trail of a request.
  public Auditor auditor() {
    return auditor;
  }

  /// Where handlers find what a request is about.
  public Router router() {
    return router;
  }

  private static UserInfo authenticate(Request request) {
    return switch (request.sender()) {
      case Sender.OverHttp(var authentication, var exchange, var _) -> {
        try {
          yield authentication.identify(exchange);
        } catch (ApiException e) {
          RequestInfo info = request.info();
          request.trail().unauthenticated(info.verb(), info.subject(), Attempts.of(exchange));
          throw e;
        }
      }
      case Sender.InProcess(UserInfo user) -> user;
    };
  }
}
