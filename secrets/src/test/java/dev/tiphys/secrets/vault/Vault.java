package dev.tiphys.secrets.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.vault.ServerToken.Grant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What the server has: engines, ways to log in, policies and tokens. It begins with nothing but
/// the policies `root` and `default`.
///
/// Threads: any.
public final class Vault {

  final InstantSource clock;
  final ServerTokens tokens;
  private final Map<String, Engine> engines = new ConcurrentHashMap<>();
  private final Map<String, Method> methods = new ConcurrentHashMap<>();
  private final Map<String, Policy> policies = new ConcurrentHashMap<>();

  public Vault(InstantSource clock) {
    this.clock = clock;
    this.tokens = new ServerTokens(clock);
    policies.put("root", Policy.ROOT);
    policies.put("default", Policy.DEFAULT);
  }

  public void policy(String name, Policy policy) {
    policies.put(name, policy);
  }

  /// Mounts an engine.
  ///
  /// @param place its path, with the namespace before it and a slash at its end
  <E extends Engine> E mount(String place, E engine) {
    engines.put(place, engine);
    return engine;
  }

  KvTwo mountKvTwo(String place) {
    return mount(place, new KvTwo(clock));
  }

  KvOne mountKvOne(String place) {
    return mount(place, new KvOne());
  }

  /// Lets a way to log in be used.
  ///
  /// @param place its path below `auth/`, with the namespace before it and a slash at its end
  void allow(String place, Method method) {
    methods.put(place, method);
  }

  /// A token that was not logged in for.
  public String token(String id, String namespace, String policy, Duration ttl) {
    return tokens.give(id, namespace, Grant.of(policy, ttl)).id;
  }

  VaultReply answer(VaultRequest request) {
    String path = request.path();
    if (path.equals("sys/health")) {
      return VaultReply.data(Struct.of("initialized", true, "sealed", false));
    }
    int login = path.indexOf("/login");
    if (path.startsWith("auth/") && login > 0) {
      return login(request, path.substring("auth/".length(), login + 1), path.substring(login));
    }
    Optional<ServerToken> token = tokens.find(request.token(), request.namespace());
    if (token.isEmpty() || !mayDo(token.get(), request)) {
      return VaultReply.FORBIDDEN;
    }
    if (path.startsWith("auth/token/")) {
      return tokens.answer(request, token.get());
    }
    if (path.startsWith("sys/leases/")) {
      return lease(request);
    }
    String whole = request.namespace() + path + "/";
    return engines.keySet().stream()
        .filter(whole::startsWith)
        .max(Comparator.comparingInt(String::length))
        .map(place -> answer(place, whole, request))
        .orElseGet(() -> VaultReply.failure(404, "no handler for route \"" + path + "\""));
  }

  private VaultReply answer(String place, String whole, VaultRequest request) {
    String below =
        whole.length() == place.length() ? "" : whole.substring(place.length(), whole.length() - 1);
    Engine engine = engines.get(place);
    return engine == null ? VaultReply.MISSING : engine.answer(request, below);
  }

  private boolean mayDo(ServerToken token, VaultRequest request) {
    List<String> names = new ArrayList<>(token.policies);
    names.add("default");
    String path = request.lists() ? request.path() + "/" : request.path();
    return names.stream()
        .map(policies::get)
        .anyMatch(policy -> policy != null && policy.allows(path, request.capability()));
  }

  private VaultReply login(VaultRequest request, String place, String rest) {
    Method method = methods.get(request.namespace() + place);
    String behind = rest.equals("/login") ? "" : rest.substring("/login/".length());
    if (method == null || !request.writes()) {
      return VaultReply.failure(403, "permission denied");
    }
    try {
      Grant grant = method.login(request, behind);
      ServerToken token = tokens.give(request.namespace(), grant);
      return VaultReply.auth(token.auth(clock.instant()));
    } catch (Method.Refused e) {
      return e.reply();
    }
  }

  private VaultReply lease(VaultRequest request) {
    String id = request.body().string("lease_id");
    return engines.entrySet().stream()
        .filter(each -> id.startsWith(each.getKey()))
        .map(Map.Entry::getValue)
        .filter(Leases.class::isInstance)
        .map(engine -> ((Leases) engine).change(request))
        .findFirst()
        .orElseGet(() -> VaultReply.failure(400, "lease not found"));
  }
}
