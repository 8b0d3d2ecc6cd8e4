package dev.tiphys.apiserver.authentication;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.World;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tokens by which nodes join: each is a Secret `bootstrap-token-ID` in `kube-system`. See
/// <https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/>.
///
/// Threads: any.
public final class BootstrapTokens implements TokenAuthenticator {

  private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern GROUP =
      Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");

  private final World world;
  private final Lookup lookup;

  public BootstrapTokens(World world, Lookup lookup) {
    this.world = world;
    this.lookup = lookup;
  }

  @Override
  public Verdict examine(String token, List<String> audiences) {
    Matcher parts = TOKEN.matcher(token);
    if (!parts.matches()) {
      return Verdict.UNKNOWN;
    }
    String id = parts.group(1);
    Struct secret = lookup.find("", "secrets", "kube-system", "bootstrap-token-" + id);
    if (secret == null
        || secret.has("metadata", "deletionTimestamp")
        || !secret.string("type").equals("bootstrap.kubernetes.io/token")
        || !isSame(value(secret, "token-secret"), parts.group(2))
        || !value(secret, "token-id").equals(id)
        || isExpired(value(secret, "expiration"))
        || !value(secret, "usage-bootstrap-authentication").equals("true")) {
      return Verdict.UNKNOWN;
    }
    List<String> groups = groups(value(secret, "auth-extra-groups"));
    return groups == null
        ? Verdict.UNKNOWN
        : new Verdict.Of(new UserInfo("system:bootstrap:" + id, "", groups, Map.of()), audiences);
  }

  private static boolean isSame(String expected, String shown) {
    return !expected.isEmpty()
        && MessageDigest.isEqual(expected.getBytes(UTF_8), shown.getBytes(UTF_8));
  }

  private boolean isExpired(String end) {
    if (end.isEmpty()) {
      return false;
    }
    Instant time = Timestamps.of(end);
    return time == null || !time.isAfter(world.now());
  }

  /// The groups of a token's user; null if it names one that it can't have.
  private static @Nullable List<String> groups(String extra) {
    TreeSet<String> groups = new TreeSet<>();
    groups.add("system:bootstrappers");
    for (String group : extra.isEmpty() ? new String[0] : extra.split(",", -1)) {
      if (!GROUP.matcher(group).matches()) {
        return null;
      }
      groups.add(group);
    }
    return new ArrayList<>(groups);
  }

  private static String value(Struct secret, String key) {
    try {
      return new String(Base64.getDecoder().decode(secret.string("data", key)), UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
