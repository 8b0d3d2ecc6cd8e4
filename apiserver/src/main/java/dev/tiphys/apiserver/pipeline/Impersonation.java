package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.api.ApiException;

/// Requests in the name of another user than the sender. No user has the right to that yet, so
/// whatever asks for it is refused.
final class Impersonation {

  private static final String PREFIX = "impersonate-";
  private static final String USER = "impersonate-user";

  private Impersonation() {}

  /// The user in whose name a request is to be served.
  ///
  /// @param sent the user that sent it
  /// @throws ApiException `FORBIDDEN` if that is to be another user
  static UserInfo effective(Sender sender, UserInfo sent) {
    if (sender instanceof Sender.OverHttp(var _, var exchange, var _)
        && exchange.headerNames().stream().anyMatch(name -> name.startsWith(PREFIX))) {
      String wanted = exchange.header(USER);
      if (wanted == null || wanted.isEmpty()) {
        throw ApiException.badRequest(
            "requested groups, uid or extra without impersonating a user");
      }
      throw ApiException.forbidden(
          "users",
          wanted,
          "User \""
              + sent.name()
              + "\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
    }
    return sent;
  }
}
