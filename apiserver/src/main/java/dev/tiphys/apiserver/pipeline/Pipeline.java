package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.api.ApiException;

/// The chain that every request passes, whichever door it came through:
///
/// | Stage | Where |
/// |---|---|
/// | limits of the connection | module `http`, before there is a request |
/// | authentication | [#authenticate] |
/// | audit | between authentication and impersonation: there is no audit policy yet |
/// | impersonation | [Impersonation] |
/// | flow control | [FlowControl] |
/// | authorization | [Authorizer] |
/// | routing | [Router], called by the door's handler |
/// | admission, registry | `registry.Registry`, below the operation that the handler calls |
///
/// The content of a request is read by the handler, so only once its sender was let through.
///
/// Threads: any.
public final class Pipeline {

  private final FlowControl flowControl = new FlowControl();
  private final Authorizer authorizer;
  private final Router router;

  public Pipeline(Authorizer authorizer, Router router) {
    this.authorizer = authorizer;
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
  public <T> T serve(Request request, Handler<T> handler) {
    UserInfo sent = authenticate(request.sender());
    UserInfo user = Impersonation.effective(request.sender(), sent);
    RequestInfo info = request.info();
    try (FlowControl.Permit _ = flowControl.admit(request.sender(), user, info)) {
      authorizer.check(info.attributes(user));
      return handler.handle(request.call(user));
    }
  }

  /// Where handlers find what a request is about.
  public Router router() {
    return router;
  }

  private static UserInfo authenticate(Sender sender) {
    return switch (sender) {
      case Sender.OverHttp(var authentication, var exchange) -> authentication.identify(exchange);
      case Sender.InProcess(UserInfo user) -> user;
    };
  }
}
