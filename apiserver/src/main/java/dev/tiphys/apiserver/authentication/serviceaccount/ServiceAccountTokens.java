package dev.tiphys.apiserver.authentication.serviceaccount;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.token.SignedToken;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tokens that this cluster issued to its service accounts. One is good while it has not expired,
/// and while its account and the object that it is bound to exist: the same ones, not others that
/// were made under their names since. What is being deleted counts as existing for a minute, so
/// that a program can still use its token while it shuts down.
///
/// Threads: any.
public final class ServiceAccountTokens implements TokenAuthenticator {

  private static final Duration LEEWAY = Duration.ofSeconds(60);

  private final World world;
  private final TokenSettings settings;
  private final Lookup lookup;

  public ServiceAccountTokens(World world, TokenSettings settings, Lookup lookup) {
    this.world = world;
    this.settings = settings;
    this.lookup = lookup;
  }

  @Override
  public Verdict examine(String token, List<String> audiences) {
    SignedToken signed = SignedToken.parse(token);
    Claims claims = signed == null ? null : claims(signed);
    if (signed == null
        || claims == null
        || !settings.issuers().contains(claims.tree().string("iss"))) {
      return Verdict.UNKNOWN;
    }
    if (!settings.keys().verify(signed)) {
      return new Verdict.Refused("invalid signature");
    }
    List<String> meant = claims.audiences().isEmpty() ? settings.audiences() : claims.audiences();
    List<String> common = meant.stream().filter(audiences::contains).toList();
    if (common.isEmpty()) {
      return new Verdict.Refused(
          "token audiences "
              + quoted(meant)
              + " is invalid for the target audiences "
              + quoted(audiences));
    }
    String fault = fault(claims);
    return fault == null ? new Verdict.Of(claims.user(), common) : new Verdict.Refused(fault);
  }

  private static @Nullable Claims claims(SignedToken token) {
    try {
      return Json.parse(token.payload()) instanceof Struct tree ? new Claims(tree) : null;
    } catch (EncodingException e) {
      return null;
    }
  }

  private static String quoted(List<String> audiences) {
    return audiences.stream()
        .map(audience -> "\"" + audience + "\"")
        .collect(Collectors.joining(" ", "[", "]"));
  }

  /// Why the claims are not good any more; null if they are.
  private @Nullable String fault(Claims claims) {
    long now = world.now().getEpochSecond();
    if (now >= claims.tree().integer("exp")) {
      return "service account token has expired";
    }
    if (now < claims.tree().integer("nbf")) {
      return "service account token is not valid yet";
    }
    Struct own = claims.own();
    String namespace = own.string("namespace");
    String fault = accountFault(namespace, own.struct("serviceaccount"));
    if (fault == null) {
      fault = fault("secret", "secrets", namespace, own);
    }
    if (fault == null) {
      fault = fault("pod", "pods", namespace, own);
    }
    // a Pod's token goes on when its node goes: the Pod's own end decides
    return fault == null && !own.has("pod") ? fault("node", "nodes", "", own) : fault;
  }

  private @Nullable String accountFault(String namespace, Struct claim) {
    String name = claim.string("name");
    Struct account = lookup.find("", "serviceaccounts", namespace, name);
    if (account == null) {
      return "serviceaccounts \"" + name + "\" not found";
    }
    if (isGone(account)) {
      return "service account " + namespace + "/" + name + " has been deleted";
    }
    String uid = account.string("metadata", "uid");
    return uid.equals(claim.string("uid"))
        ? null
        : "service account UID (" + uid + ") does not match claim (" + claim.string("uid") + ")";
  }

  /// Why the object that the token is bound to is not what it was; null if it is, or if the token
  /// is bound to none of the kind.
  private @Nullable String fault(String kind, String plural, String namespace, Struct own) {
    Struct claim = own.struct(kind);
    if (claim.string("name").isEmpty()) {
      return null;
    }
    Struct object = lookup.find("", plural, namespace, claim.string("name"));
    if (object == null || isGone(object)) {
      return "service account token has been invalidated";
    }
    String uid = object.string("metadata", "uid");
    return uid.equals(claim.string("uid"))
        ? null
        : "%s UID (%s) does not match service account %s ref claim (%s)"
            .formatted(kind, uid, kind, claim.string("uid"));
  }

  private boolean isGone(Struct object) {
    Instant deleted = Timestamps.of(object.get("metadata", "deletionTimestamp"));
    return deleted != null && deleted.plus(LEEWAY).isBefore(world.now());
  }
}
