package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.request.ExtraHeaders;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.validation.GoText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Requests in the name of another user than the sender: allowed if one of the [ImpersonationMode]s
/// allows them. See <https://kep.k8s.io/5284>.
///
/// Threads: any.
final class Impersonation {

  private static final String PREFIX = "impersonate-";
  private static final String USER = "impersonate-user";
  private static final String GROUP = "impersonate-group";
  private static final String UID = "impersonate-uid";
  private static final String EXTRA = "impersonate-extra-";
  private static final int MOST_SENDERS = 10_000;

  private final Authorizer authorizer;

  /// The mode that let each sender pass last is asked first: its refusal is the one that is told.
  private final Map<String, ImpersonationMode> last =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, ImpersonationMode> eldest) {
              return size() > MOST_SENDERS;
            }
          });

  /// @param authorizer decides what senders may do
  Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /// In whose name a request is served.
  ///
  /// @param constraint the verb by which a constrained mode let the sender act as that user; empty
  ///   if the sender acts for itself, or may act as that user in everything
  record Effective(UserInfo user, String constraint) {}

  /// The user in whose name a request is to be served.
  ///
  /// @param sent the user that sent it
  /// @throws ApiException `FORBIDDEN` if that is to be another user, and the sender may not
  ///   impersonate that one; `BAD_REQUEST` if it is not said which
  Effective effective(Sender sender, UserInfo sent, RequestInfo info) {
    return switch (sender) {
      case Sender.OverHttp(var _, var exchange, var _) ->
          exchange.headerNames().stream().anyMatch(name -> name.startsWith(PREFIX))
              ? impersonated(exchange, sent, info)
              : new Effective(sent, "");
      case Sender.InProcess _ -> new Effective(sent, "");
    };
  }

  private Effective impersonated(Exchange exchange, UserInfo sent, RequestInfo info) {
    UserInfo wanted =
        new UserInfo(
            text(exchange, USER),
            text(exchange, UID),
            exchange.headers(GROUP),
            ExtraHeaders.of(exchange, EXTRA));
    if (!wanted.name().isEmpty()) {
      return byAnyMode(wanted, info.attributes(sent));
    }
    if (wanted.uid().isEmpty() && wanted.groups().isEmpty() && wanted.extra().isEmpty()) {
      return new Effective(sent, "");
    }
    throw ApiException.badRequest(
        "requested " + shown(wanted) + " without impersonating a user name");
  }

  private static String text(Exchange exchange, String header) {
    String value = exchange.header(header);
    return value == null ? "" : value;
  }

  private Effective byAnyMode(UserInfo wanted, Attributes request) {
    String sender = request.user().name();
    List<ImpersonationMode> modes = new ArrayList<>(List.of(ImpersonationMode.values()));
    ImpersonationMode usual = last.get(sender);
    if (usual != null) {
      modes.remove(usual);
      modes.addFirst(usual);
    }
    ApiException first = null;
    for (ImpersonationMode mode : modes) {
      if (!mode.isFor(wanted, request.user())) {
        continue;
      }
      try {
        UserInfo user = mode.impersonated(authorizer, wanted, request);
        last.put(sender, mode);
        return new Effective(user, mode.constraint());
      } catch (ApiException e) {
        first = first == null ? e : first;
      }
    }
    throw first == null ? ApiException.internal("all impersonation modes failed") : first;
  }

  /// As upstream's message shows it.
  private static String shown(UserInfo user) {
    String groups =
        user.groups().isEmpty() ? "[]string(nil)" : "[]string{" + joined(user.groups()) + "}";
    String extra =
        user.extra().isEmpty()
            ? "map[string][]string(nil)"
            : user.extra().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> GoText.quoted(e.getKey()) + ":[]string{" + joined(e.getValue()) + "}")
                .collect(Collectors.joining(", ", "map[string][]string{", "}"));
    return "&user.DefaultInfo{Name:%s, UID:%s, Groups:%s, Extra:%s}"
        .formatted(GoText.quoted(user.name()), GoText.quoted(user.uid()), groups, extra);
  }

  private static String joined(List<String> texts) {
    return texts.stream().map(text -> GoText.quoted(text)).collect(Collectors.joining(", "));
  }
}
