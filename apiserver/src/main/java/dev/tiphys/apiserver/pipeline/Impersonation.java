package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.request.ExtraHeaders;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Requests in the name of another user than the sender, which must be allowed to impersonate each
/// part of that user's identity by itself.
///
/// @param authorizer decides whether the sender is
record Impersonation(Authorizer authorizer) {

  private static final String PREFIX = "impersonate-";
  private static final String USER = "impersonate-user";
  private static final String GROUP = "impersonate-group";
  private static final String UID = "impersonate-uid";
  private static final String EXTRA = "impersonate-extra-";
  private static final String AUTHENTICATION = "authentication.k8s.io";

  /// The user in whose name a request is to be served.
  ///
  /// @param sent the user that sent it
  /// @throws ApiException `FORBIDDEN` if that is to be another user, and the sender may not
  ///   impersonate that one
  UserInfo effective(Sender sender, UserInfo sent) {
    return switch (sender) {
      case Sender.OverHttp(var _, var exchange, var _) ->
          exchange.headerNames().stream().anyMatch(name -> name.startsWith(PREFIX))
              ? impersonated(exchange, sent)
              : sent;
      case Sender.InProcess _ -> sent;
    };
  }

  private UserInfo impersonated(Exchange exchange, UserInfo sent) {
    List<String> groups = exchange.headers(GROUP);
    Map<String, List<String>> extra = ExtraHeaders.of(exchange, EXTRA);
    String uid = text(exchange, UID);
    String name = text(exchange, USER);
    if (name.isEmpty()) {
      if (groups.isEmpty() && extra.isEmpty() && uid.isEmpty()) {
        return sent;
      }
      throw ApiException.badRequest("requested groups, uid or extra without impersonating a user");
    }
    checkUser(sent, name);
    groups.forEach(group -> check(sent, core("groups", "", group)));
    extra.forEach(
        (key, values) ->
            values.forEach(
                value ->
                    check(
                        sent,
                        new Subject.OfResource(
                            AUTHENTICATION, "v1", "userextras", key, "", value))));
    if (!uid.isEmpty()) {
      check(sent, new Subject.OfResource(AUTHENTICATION, "v1", "uids", "", "", uid));
    }
    return new UserInfo(name, uid, allGroups(name, groups), extra);
  }

  private static String text(Exchange exchange, String header) {
    String value = exchange.header(header);
    return value == null ? "" : value;
  }

  private void checkUser(UserInfo sent, String name) {
    UserInfo.ServiceAccount account = UserInfo.of(name).serviceAccount();
    check(
        sent,
        account == null
            ? core("users", "", name)
            : core("serviceaccounts", account.namespace(), account.name()));
  }

  private static Subject.OfResource core(String plural, String namespace, String name) {
    return new Subject.OfResource("", "v1", plural, "", namespace, name);
  }

  private void check(UserInfo sent, Subject.OfResource subject) {
    authorizer.check(new Attributes(sent, "impersonate", subject));
  }

  /// The groups that were asked for, or those that a user of that name always has.
  private static List<String> allGroups(String name, List<String> wanted) {
    List<String> groups = new ArrayList<>(wanted);
    UserInfo.ServiceAccount account = UserInfo.of(name).serviceAccount();
    if (groups.isEmpty() && account != null) {
      groups.add(UserInfo.SERVICE_ACCOUNTS);
      groups.add(UserInfo.SERVICE_ACCOUNTS + ":" + account.namespace());
    }
    if (name.equals(UserInfo.ANONYMOUS.name())) {
      if (!groups.contains(UserInfo.UNAUTHENTICATED)) {
        groups.add(UserInfo.UNAUTHENTICATED);
      }
    } else if (!groups.contains(UserInfo.AUTHENTICATED)
        && !groups.contains(UserInfo.UNAUTHENTICATED)) {
      groups.add(UserInfo.AUTHENTICATED);
    }
    return groups;
  }
}
