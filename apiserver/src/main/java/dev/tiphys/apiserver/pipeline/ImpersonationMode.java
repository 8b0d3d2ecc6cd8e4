package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.Refusals;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.PathRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// A way in which a sender may be allowed to act as another user.
///
/// A constrained one takes two rights: to act as that user (`impersonate:MODE`), and to do in this
/// way what the request does (`impersonate-on:MODE:VERB`). [#LEGACY] takes the first only
/// (`impersonate`), for whatever the other user may do.
///
/// Threads: any.
enum ImpersonationMode {
  /// A service account acts as the node that its Pod runs on.
  ASSOCIATED_NODE("associated-node"),
  /// As any node.
  ARBITRARY_NODE("arbitrary-node"),
  /// As a service account.
  SERVICE_ACCOUNT("serviceaccount"),
  /// As a user that is neither.
  USER_INFO("user-info"),
  /// As any user, in everything.
  LEGACY("");

  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String NODE = "system:node:";
  private static final String NODE_NAME = "authentication.kubernetes.io/node-name";
  private static final String NODE_KEYS = "authentication.kubernetes.io/associated-node-keys";

  /// From how many values on it is asked for the right to all of them first.
  private static final int MANY = 4;

  private final String word;
  private final String verb;

  ImpersonationMode(String word) {
    this.word = word;
    this.verb = word.isEmpty() ? "impersonate" : "impersonate:" + word;
  }

  private boolean isConstrained() {
    return this != LEGACY;
  }

  /// The verb that records name; empty if the mode does not constrain what is done.
  String constraint() {
    return isConstrained() ? verb : "";
  }

  /// Whether the mode could let a sender act as a user at all.
  boolean isFor(UserInfo wanted, UserInfo sender) {
    String node = node(wanted);
    return switch (this) {
      case ASSOCIATED_NODE ->
          isNameAlone(wanted)
              && !node.isEmpty()
              && sender.serviceAccount() != null
              && List.of(node).equals(sender.extra().get(NODE_NAME));
      case ARBITRARY_NODE -> isNameAlone(wanted) && !node.isEmpty();
      case SERVICE_ACCOUNT -> isNameAlone(wanted) && wanted.serviceAccount() != null;
      case USER_INFO -> node.isEmpty() && wanted.serviceAccount() == null;
      case LEGACY -> true;
    };
  }

  private static boolean isNameAlone(UserInfo user) {
    return user.uid().isEmpty() && user.groups().isEmpty() && user.extra().isEmpty();
  }

  /// The node that a user's name belongs to; empty if it is none's.
  private static String node(UserInfo user) {
    String node = user.name().startsWith(NODE) ? user.name().substring(NODE.length()) : "";
    return Formats.dnsSubdomain(node).isEmpty() ? node : "";
  }

  /// The user that a request is served as.
  ///
  /// @param request what its sender wants to do
  /// @throws ApiException `FORBIDDEN` if the sender may not
  UserInfo impersonated(Authorizer authorizer, UserInfo wanted, Attributes request) {
    UserInfo sender = this == ASSOCIATED_NODE ? onAnyNode(request.user()) : request.user();
    if (isConstrained()) {
      check(
          authorizer,
          new Attributes(
              sender,
              "impersonate-on:" + word + ":" + request.verb(),
              request.subject(),
              request.selectors()));
    }
    Rights rights = new Rights(authorizer, sender);
    rights.toName(wanted);
    if (!wanted.uid().isEmpty()) {
      rights.to(new Subject.OfResource(AUTHENTICATION, "v1", "uids", "", "", wanted.uid()));
    }
    rights.toGroups(wanted.groups());
    rights.toExtra(wanted.extra());
    return new UserInfo(wanted.name(), wanted.uid(), groups(wanted), wanted.extra());
  }

  /// The account, whichever node its Pod runs on: what it may do is the same on all of them.
  private static UserInfo onAnyNode(UserInfo account) {
    return new UserInfo(
        account.name(),
        account.uid(),
        account.groups(),
        Map.of(NODE_KEYS, List.copyOf(new TreeSet<>(account.extra().keySet()))));
  }

  /// The groups that were asked for, or those that a user of that name always has.
  private List<String> groups(UserInfo wanted) {
    List<String> groups = new ArrayList<>(wanted.groups());
    UserInfo.ServiceAccount account = wanted.serviceAccount();
    if (groups.isEmpty() && account != null) {
      groups.add(UserInfo.SERVICE_ACCOUNTS);
      groups.add(UserInfo.SERVICE_ACCOUNTS + ":" + account.namespace());
    }
    if (isConstrained() && !node(wanted).isEmpty()) {
      groups.add(UserInfo.NODES);
    }
    if (wanted.name().equals(UserInfo.ANONYMOUS.name())) {
      if (!groups.contains(UserInfo.UNAUTHENTICATED)) {
        groups.add(UserInfo.UNAUTHENTICATED);
      }
    } else if (!groups.contains(UserInfo.AUTHENTICATED)
        && !groups.contains(UserInfo.UNAUTHENTICATED)) {
      groups.add(UserInfo.AUTHENTICATED);
    }
    return groups;
  }

  private static void check(Authorizer authorizer, Attributes attributes) {
    Decision decision = authorizer.decide(attributes);
    if (!decision.isAllowed()) {
      throw Refusals.forbidden(attributes, decision.explained());
    }
  }

  /// What the sender must be allowed to take over of the other user's identity, part by part.
  private final class Rights {

    private final Authorizer authorizer;
    private final UserInfo sender;

    Rights(Authorizer authorizer, UserInfo sender) {
      this.authorizer = authorizer;
      this.sender = sender;
    }

    private Attributes attributes(Subject.OfResource subject) {
      return new Attributes(sender, verb, subject);
    }

    void to(Subject.OfResource subject) {
      check(authorizer, attributes(subject));
    }

    private boolean has(Subject.OfResource subject) {
      return authorizer.decide(attributes(subject)).isAllowed();
    }

    private ApiException refused(Subject.OfResource subject, String why) {
      return Refusals.forbidden(attributes(subject), why);
    }

    /// Names and groups, which the legacy mode looks for in the core group.
    private Subject.OfResource named(String plural, String namespace, String name) {
      return new Subject.OfResource(
          isConstrained() ? AUTHENTICATION : "", "v1", plural, "", namespace, name);
    }

    void toName(UserInfo wanted) {
      UserInfo.ServiceAccount account = wanted.serviceAccount();
      String node = node(wanted);
      if (account != null) {
        to(named("serviceaccounts", account.namespace(), account.name()));
      } else if (isConstrained() && !node.isEmpty()) {
        to(named("nodes", "", ImpersonationMode.this == ASSOCIATED_NODE ? "*" : node));
      } else {
        to(named("users", "", wanted.name()));
      }
    }

    void toGroups(List<String> groups) {
      if (isConstrained()) {
        if (groups.contains("")) {
          throw refused(
              named("groups", "", ""), "impersonating the empty string group is not allowed");
        }
        if (groups.contains(UserInfo.MASTERS)) {
          throw refused(
              named("groups", "", UserInfo.MASTERS),
              "impersonating the system:masters group is not allowed");
        }
        if (groups.size() >= MANY && has(named("groups", "", "*"))) {
          return;
        }
      }
      groups.forEach(group -> to(named("groups", "", group)));
    }

    void toExtra(Map<String, List<String>> extra) {
      if (isConstrained()) {
        extra.forEach(this::checkExtra);
        int values = extra.values().stream().mapToInt(List::size).sum();
        if (values >= MANY && has(extra("*", "*"))) {
          return;
        }
      }
      extra.forEach((key, values) -> values.forEach(value -> to(extra(key, value))));
    }

    private Subject.OfResource extra(String key, String value) {
      return new Subject.OfResource(AUTHENTICATION, "v1", "userextras", key, "", value);
    }

    private void checkExtra(String key, List<String> values) {
      String fault = fault(key, values);
      if (!fault.isEmpty()) {
        throw refused(extra("", ""), fault);
      }
    }

    private static String fault(String key, List<String> values) {
      if (key.isEmpty()) {
        return "impersonating the empty string key in extra is not allowed";
      }
      FieldErrors errors = new FieldErrors();
      Struct holder = Struct.of("extra", Struct.of("key", key));
      PathRules.ofDomain(FieldValue.top(errors, holder).at("extra", "key"));
      if (!errors.isEmpty()) {
        return "impersonating an invalid key in extra is not allowed: " + errors.message();
      }
      if (!key.equals(key.toLowerCase(Locale.ROOT))) {
        return "impersonating a non-lowercase key in extra is not allowed: " + GoText.quoted(key);
      }
      return values.contains("")
          ? "impersonating the empty string value in extra is not allowed"
          : "";
    }
  }
}
