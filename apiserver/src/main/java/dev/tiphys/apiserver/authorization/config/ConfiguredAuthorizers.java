package dev.tiphys.apiserver.authorization.config;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.PrivilegedGroup;
import dev.tiphys.apiserver.authorization.RuleResolver;
import dev.tiphys.apiserver.authorization.Union;
import dev.tiphys.apiserver.authorization.abac.Abac;
import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration.Configured;
import dev.tiphys.apiserver.authorization.node.NodeAuthorizer;
import dev.tiphys.apiserver.authorization.rbac.Rbac;
import dev.tiphys.apiserver.authorization.webhook.WebhookAuthorizer;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The authorizers of a server, which may be replaced while it runs. Members of `system:masters`
/// pass before any of them is asked.
///
/// Threads: any.
public final class ConfiguredAuthorizers implements Authorizer, RuleResolver {

  private static final System.Logger LOG = System.getLogger(ConfiguredAuthorizers.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final List<Struct> ALL_RULES =
      List.of(
          Struct.of("apiGroups", List.of("*"), "resources", List.of("*"), "verbs", List.of("*")),
          Struct.of("nonResourceURLs", List.of("*"), "verbs", List.of("*")));

  private final World world;
  private final NodeAuthorizer nodes;
  private final Rbac rbac;
  private volatile Chain chain;

  /// What there is at a time.
  private record Chain(
      AuthorizationConfiguration configuration, Union union, List<RuleResolver> resolvers) {}

  /// The usual ones.
  public ConfiguredAuthorizers(World world, NodeAuthorizer nodes, Rbac rbac) {
    this.world = world;
    this.nodes = nodes;
    this.rbac = rbac;
    this.chain =
        new Chain(
            AuthorizationConfiguration.DEFAULT,
            new Union(List.of(new PrivilegedGroup(), nodes, rbac)),
            List.of(nodes, rbac));
  }

  /// Asks these from now on.
  ///
  /// @throws IOException if a webhook's kubeconfig can't be used
  public void use(AuthorizationConfiguration configuration) throws IOException {
    chain = chain(configuration);
  }

  private Chain chain(AuthorizationConfiguration configuration) throws IOException {
    List<Authorizer> authorizers = new ArrayList<>(List.of(new PrivilegedGroup()));
    List<RuleResolver> resolvers = new ArrayList<>();
    for (Configured each : configuration.authorizers()) {
      switch (each) {
        case Configured.AlwaysAllow() -> {
          authorizers.add(_ -> Decision.allow(""));
          resolvers.add((_, _) -> new Rules(ALL_RULES, false, List.of()));
        }
        case Configured.AlwaysDeny() -> {
          authorizers.add(_ -> Decision.noOpinion("Everything is forbidden."));
          resolvers.add((_, _) -> new Rules(List.of(), false, List.of()));
        }
        case Configured.Node() -> {
          authorizers.add(nodes);
          resolvers.add(nodes);
        }
        case Configured.Rbac() -> {
          authorizers.add(rbac);
          resolvers.add(rbac);
        }
        case Configured.Abac(var policies) -> {
          Abac abac = Abac.read(policies);
          authorizers.add(abac);
          resolvers.add(abac);
        }
        case Configured.Webhook(var settings) -> {
          WebhookAuthorizer webhook = new WebhookAuthorizer(world, settings);
          authorizers.add(webhook);
          resolvers.add(webhook);
        }
      }
    }
    return new Chain(configuration, new Union(authorizers), List.copyOf(resolvers));
  }

  @Override
  public Decision decide(Attributes attributes) {
    return chain.union.decide(attributes);
  }

  @Override
  public Rules rulesFor(UserInfo user, String namespace) {
    List<Struct> rules = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    boolean incomplete = false;
    for (RuleResolver resolver : chain.resolvers) {
      Rules found = resolver.rulesFor(user, namespace);
      rules.addAll(found.rules());
      errors.addAll(found.errors());
      incomplete |= found.incomplete();
    }
    return new Rules(rules, incomplete, errors);
  }

  /// Goes by a file from now on: looks at it from time to time, and changes what it says. A file
  /// that can't be used changes nothing.
  ///
  /// @throws InterruptedException when it is to end
  public void follow(Path file) throws InterruptedException {
    World background = world.background();
    while (true) {
      background.sleep(PERIOD);
      reload(file);
    }
  }

  void reload(Path file) {
    try {
      AuthorizationConfiguration next = AuthorizationConfiguration.read(file);
      Chain present = chain;
      if (next.equals(present.configuration)) {
        return;
      }
      if (!next.types().containsAll(present.configuration.types())) {
        throw new IllegalArgumentException(
            "authorizers that are no webhooks cannot be taken away while the server runs");
      }
      use(next);
      LOG.log(Level.INFO, "the authorizers have changed: file={0}", file);
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "the authorizers stay as they are: file={0} error={1}",
          file,
          e.getMessage());
    }
  }
}
