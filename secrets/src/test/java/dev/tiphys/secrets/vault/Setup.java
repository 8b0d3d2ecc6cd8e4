package dev.tiphys.secrets.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.vault.ServerToken.Grant;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Gives a [Vault] what an administrator would give it.
///
/// @param namespace where all of it is; empty for the root, otherwise with a slash at its end
public record Setup(Vault vault, String namespace) {

  /// What those who log in are allowed to do: everything below `secret/`, `kv/` and `database/`.
  private static final Policy APPS =
      new Policy(
          List.of(
              rule("secret/*"),
              rule("kv/*"),
              rule("database/*"),
              rule("auth/token/create"),
              rule("sys/leases/revoke")));

  private static Policy.Rule rule(String path) {
    return new Policy.Rule(path, Policy.ALL);
  }

  /// The root namespace.
  public static Setup of(Vault vault) {
    vault.policy("apps", APPS);
    return new Setup(vault, "");
  }

  public Setup in(String other) {
    return new Setup(vault, other + "/");
  }

  private static Grant grant(Duration ttl, Duration most) {
    return new Grant(List.of("apps"), ttl, most, false);
  }

  /// Ends all tokens, as a restart of a server in memory does.
  public void revokeAll() {
    vault.tokens.all().forEach(vault.tokens::revoke);
  }

  /// An engine of the second version. Returns what puts a secret into it and tells its version.
  public Puts kvTwo(String mount) {
    KvTwo engine = vault.mountKvTwo(namespace + mount + "/");
    return new Puts() {
      @Override
      public int put(String key, Struct data) {
        return engine.put(key, data);
      }

      @Override
      public void delete(String key) {
        engine.delete(key);
      }
    };
  }

  /// An engine of the first version.
  public Puts kvOne(String mount) {
    KvOne engine = vault.mountKvOne(namespace + mount + "/");
    return new Puts() {
      @Override
      public int put(String key, Struct data) {
        engine.put(key, data);
        return 0;
      }

      @Override
      public void delete(String key) {
        engine.delete(key);
      }
    };
  }

  /// Changes what an engine has.
  public interface Puts {
    /// Has a secret have a newer version, whose number is returned.
    int put(String key, Struct data);

    /// Deletes the newest version.
    void delete(String key);
  }

  /// An engine of credentials with leases. Returns what tells those that live.
  public Supplier<List<String>> leases(String mount, Duration ttl, Duration most) {
    Leases engine = vault.mount(namespace + mount + "/", new Leases(vault.clock, ttl, most));
    return engine::live;
  }

  public void appRole(String mount, String role, String secret, Duration ttl) {
    appRole(mount, role, secret, ttl, Duration.ZERO);
  }

  /// @param most how long a token lives with all renewals; zero for ever
  public void appRole(String mount, String role, String secret, Duration ttl, Duration most) {
    allow(mount, new Methods.AppRole(role, secret, grant(ttl, most)));
  }

  /// Tokens that can be neither renewed nor revoked.
  public void batchAppRole(String mount, String role, String secret, Duration ttl) {
    Grant batch = new Grant(List.of("apps"), ttl, Duration.ZERO, true);
    allow(mount, new Methods.AppRole(role, secret, batch));
  }

  public void userPass(String mount, String user, String password) {
    allow(mount, passwords(user, password, "invalid username or password"));
  }

  public void ldap(String mount, String user, String password) {
    allow(mount, passwords(user, password, "ldap operation failed: failed to bind as user"));
  }

  private static Method passwords(String user, String password, String refusal) {
    return new Methods.Passwords(
        Map.of(user, password), refusal, grant(Duration.ofHours(1), Duration.ZERO));
  }

  /// @param account as `system:serviceaccount:NAMESPACE:NAME`
  /// @param reviewer asks the cluster whose token it is
  public void kubernetes(
      String mount, String role, String account, Function<String, Optional<String>> reviewer) {
    allow(
        mount,
        new Methods.Accounts(
            role, account, reviewer::apply, grant(Duration.ofHours(1), Duration.ZERO)));
  }

  public void jwt(String mount, String role, PublicKey key, String audience) {
    allow(
        mount,
        new Methods.SignedTokens(
            role, key, audience, vault.clock, grant(Duration.ofHours(1), Duration.ZERO)));
  }

  public void certificates(String mount, String role, PublicKey authority) {
    allow(
        mount,
        new Methods.Certificates(role, authority, grant(Duration.ofHours(1), Duration.ZERO)));
  }

  private void allow(String mount, Method method) {
    vault.allow(namespace + mount + "/", method);
  }
}
