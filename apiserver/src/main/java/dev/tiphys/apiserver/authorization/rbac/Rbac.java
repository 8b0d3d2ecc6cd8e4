package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.RuleResolver;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.watch.StateFeed;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Allows what roles allow that are bound to a user or its groups.
///
/// Goes by the roles and bindings that this process knows at the time of the request; of these, it
/// reads again only what changed.
///
/// Threads: any.
public final class Rbac implements Authorizer, RuleResolver {

  public static final String GROUP = "rbac.authorization.k8s.io";

  private final Policy policy = new Policy();
  private final List<StateFeed> feeds;
  private final Object reading = new Object();

  /// @param registries of the group's resources, by their plurals; asked once there is a request
  public Rbac(Function<String, Registry> registries) {
    feeds =
        List.of(
            new StateFeed(() -> registries.apply("clusterroles"), policy.roles(true)),
            new StateFeed(() -> registries.apply("roles"), policy.roles(false)),
            new StateFeed(() -> registries.apply("clusterrolebindings"), policy.bindings()),
            new StateFeed(() -> registries.apply("rolebindings"), policy.bindings()));
  }

  private void update() {
    for (int i = 0; i < feeds.size(); i++) {
      if (feeds.get(i).hasNews()) {
        synchronized (reading) {
          feeds.forEach(StateFeed::read);
        }
        return;
      }
    }
  }

  @Override
  public Decision decide(Attributes attributes) {
    update();
    Action action = Action.of(attributes);
    String namespace =
        attributes.subject() instanceof Subject.OfResource resource ? resource.namespace() : "";
    Search search = new Search(action);
    Grant found = policy.search(attributes.user(), namespace, search);
    if (found != null) {
      return Decision.allow(found.reason());
    }
    return search.errors == null
        ? Decision.NO_OPINION
        : Decision.noOpinion("RBAC: " + Decision.aggregate(search.errors));
  }

  /// Looks for a grant that allows an action.
  private static final class Search implements Policy.Look<Grant> {
    private final Action action;
    private @Nullable Role last;
    private @Nullable List<String> errors;

    Search(Action action) {
      this.action = action;
    }

    @Override
    public @Nullable Grant at(Grant grant) {
      Role role = grant.role();
      if (role == last) {
        return null; // it has just been looked at
      }
      last = role;
      List<Rule> rules = role.rules();
      if (rules == null) {
        missing(role);
        return null;
      }
      for (int i = 0; i < rules.size(); i++) {
        if (rules.get(i).allows(action)) {
          return grant;
        }
      }
      return null;
    }

    private void missing(Role role) {
      if (errors == null) {
        errors = new ArrayList<>();
      }
      errors.add(role.notFound());
    }
  }

  @Override
  public Rules rulesFor(UserInfo user, String namespace) {
    return rulesFor(user, namespace, Role::notFound);
  }

  /// @param missing what is said of a role that does not exist
  Rules rulesFor(UserInfo user, String namespace, Function<Role, String> missing) {
    update();
    List<Struct> found = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    policy.search(
        user,
        namespace,
        grant -> {
          List<Rule> rules = grant.role().rules();
          if (rules == null) {
            errors.add(missing.apply(grant.role()));
          } else {
            rules.forEach(rule -> found.add(rule.tree()));
          }
          return null;
        });
    return new Rules(found, false, errors);
  }

  /// The rules of the role that a binding in `namespace` refers to.
  ///
  /// @throws dev.tiphys.object.api.ApiException `NOT_FOUND` if there is no such role
  List<Struct> rulesOf(Struct reference, String namespace) {
    update();
    Role role = policy.role(reference, namespace);
    List<Rule> rules = role.rules();
    if (rules == null) {
      throw role.refusal();
    }
    return rules.stream().map(Rule::tree).toList();
  }
}
