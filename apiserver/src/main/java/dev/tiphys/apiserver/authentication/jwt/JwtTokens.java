package dev.tiphys.apiserver.authentication.jwt;

import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.apiserver.authentication.jwt.JwtSettings.Mapping;
import dev.tiphys.apiserver.authentication.jwt.JwtSettings.Rule;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.token.SignedToken;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tokens of one issuer. They are for this server, whatever audience a review names.
///
/// Threads: any.
final class JwtTokens implements TokenAuthenticator {

  /// What clocks may differ by, in seconds.
  private static final long LEEWAY = 300;

  private final World world;
  private final JwtSettings settings;
  private final IssuerKeys keys;

  JwtTokens(World world, JwtSettings settings) {
    this.world = world;
    this.settings = settings;
    this.keys = new IssuerKeys(world, settings);
  }

  @Override
  public Verdict examine(String token, List<String> audiences) {
    SignedToken signed = SignedToken.parse(token);
    Struct claims = signed == null ? null : claims(signed);
    if (signed == null || claims == null || !claims.string("iss").equals(settings.issuer())) {
      return Verdict.UNKNOWN;
    }
    try {
      verify(signed, claims);
      return new Verdict.Of(user(claims), audiences);
    } catch (TokenFault e) {
      return new Verdict.Refused("oidc: " + e.why());
    }
  }

  private static @Nullable Struct claims(SignedToken token) {
    try {
      return Json.parse(token.payload()) instanceof Struct tree ? tree : null;
    } catch (EncodingException e) {
      return null;
    }
  }

  private void verify(SignedToken token, Struct claims) throws TokenFault {
    List<String> audiences =
        claims.get("aud") instanceof String one ? List.of(one) : claims.strings("aud");
    if (audiences.stream().noneMatch(settings.audiences()::contains)) {
      throw new TokenFault(
          "verify token: oidc: expected audience in "
              + quoted(settings.audiences())
              + " got "
              + quoted(audiences));
    }
    long now = world.now().getEpochSecond();
    if (!(claims.get("exp") instanceof Number end) || end.longValue() <= now) {
      throw new TokenFault("verify token: oidc: token is expired");
    }
    if (claims.get("nbf") instanceof Number start && start.longValue() > now + LEEWAY) {
      throw new TokenFault("verify token: oidc: current time is before the nbf (not before) time");
    }
    if (!settings.algorithms().contains(token.algorithm())) {
      throw new TokenFault(
          "verify token: oidc: id token signed with unsupported algorithm, expected "
              + quoted(settings.algorithms())
              + " got \""
              + token.algorithm()
              + "\"");
    }
    if (!keys.verify(token)) {
      throw new TokenFault(
          "verify token: failed to verify signature: failed to verify id token signature");
    }
  }

  private static String quoted(List<String> texts) {
    return texts.stream()
        .map(text -> "\"" + text + "\"")
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private UserInfo user(Struct claims) throws TokenFault {
    String name = username(claims);
    List<String> groups = groups(claims);
    String uid = uid(claims);
    Map<String, List<String>> extra = extra(claims);
    for (Rule rule : settings.rules()) {
      check(rule, claims, "error evaluating claim validation expression: ");
    }
    Object id = claims.get("jti");
    if (id instanceof String text && !text.isEmpty()) {
      extra.put(UserInfo.CREDENTIAL_ID, List.of("JTI=" + text));
    }
    UserInfo user = new UserInfo(name, uid, groups, extra);
    for (Rule rule : settings.userRules()) {
      check(rule, tree(user), "error evaluating user info validation rule: ");
    }
    return user;
  }

  private static Struct tree(UserInfo user) {
    StructBuilder extra = new StructBuilder();
    user.extra().forEach(extra::add);
    return new StructBuilder()
        .add("username", user.name())
        .add("uid", user.uid())
        .add("groups", user.groups())
        .add("extra", extra.build())
        .build();
  }

  private static void check(Rule rule, Struct variable, String context) throws TokenFault {
    switch (rule) {
      case Rule.Claim(String name, String value) -> {
        Object found = variable.get(name);
        if (found == null) {
          throw new TokenFault("required claim " + name + " not present in ID token");
        }
        if (!(found instanceof String text)) {
          throw new TokenFault("parse claim " + name + ": it is no string");
        }
        if (!text.equals(value)) {
          throw new TokenFault(
              "required claim "
                  + name
                  + " value does not match. Got = "
                  + text
                  + ", want = "
                  + value);
        }
      }
      case Rule.Condition(Expression expression, String message) -> {
        Object value;
        try {
          value = expression.evaluate(variable);
        } catch (TokenFault e) {
          throw new TokenFault(context + e.why());
        }
        if (!Boolean.TRUE.equals(value)) {
          throw new TokenFault(
              context + "validation expression '" + expression.text() + "' failed: " + message);
        }
      }
    }
  }

  private String username(Struct claims) throws TokenFault {
    switch (settings.username()) {
      case Mapping.Computed(Expression expression) -> {
        Object value = evaluated(expression, claims, "username claim expression");
        if (!(value instanceof String name)) {
          throw new TokenFault(
              "error evaluating username claim expression: username claim expression must return a"
                  + " string");
        }
        if (name.isEmpty()) {
          throw new TokenFault("empty username via CEL expression is not allowed");
        }
        return name;
      }
      case Mapping.Claim(String claim, String prefix) -> {
        if (!(claims.get(claim) instanceof String name)) {
          throw new TokenFault(
              "parse username claims \""
                  + claim
                  + "\": "
                  + (claims.has(claim) ? "it is no string" : "claim not present"));
        }
        if (claim.equals("email")) {
          checkVerified(claims.get("email_verified"));
        }
        return prefix + name;
      }
      case Mapping.Nothing() -> throw new TokenFault("nothing makes the name of a user");
    }
  }

  /// An address that the issuer has not verified may be another user's.
  private static void checkVerified(@Nullable Object verified) throws TokenFault {
    if (verified != null && !(verified instanceof Boolean)) {
      throw new TokenFault("parse 'email_verified' claim: it is no boolean");
    }
    if (Boolean.FALSE.equals(verified)) {
      throw new TokenFault("email not verified");
    }
  }

  private static Object evaluated(Expression expression, Struct claims, String what)
      throws TokenFault {
    try {
      return expression.evaluate(claims);
    } catch (TokenFault e) {
      throw new TokenFault("error evaluating " + what + ": " + e.why());
    }
  }

  private List<String> groups(Struct claims) throws TokenFault {
    return switch (settings.groups()) {
      case Mapping.Nothing() -> List.of();
      case Mapping.Computed(Expression expression) -> {
        Object value = evaluated(expression, claims, "group claim expression");
        try {
          yield Expression.texts(value);
        } catch (TokenFault e) {
          throw new TokenFault("error evaluating group claim expression: " + e.why());
        }
      }
      case Mapping.Claim(String claim, String prefix) -> {
        Object value = claims.get(claim);
        if (value == null || value == Null.NULL) {
          yield List.of();
        }
        List<String> groups = new ArrayList<>();
        for (Object each : value instanceof List<?> list ? list : List.of(value)) {
          if (!(each instanceof String group)) {
            throw new TokenFault("parse groups claim \"" + claim + "\": it holds no strings");
          }
          groups.add(prefix + group);
        }
        yield groups;
      }
    };
  }

  private String uid(Struct claims) throws TokenFault {
    return switch (settings.uid()) {
      case Mapping.Nothing() -> "";
      case Mapping.Claim(String claim, String _) -> {
        if (!(claims.get(claim) instanceof String uid)) {
          throw new TokenFault("parse uid claim \"" + claim + "\": claim not present");
        }
        yield uid;
      }
      case Mapping.Computed(Expression expression) -> {
        if (!(evaluated(expression, claims, "uid claim expression") instanceof String uid)) {
          throw new TokenFault(
              "error evaluating uid claim expression: uid claim expression must return a string");
        }
        yield uid;
      }
    };
  }

  private Map<String, List<String>> extra(Struct claims) throws TokenFault {
    Map<String, List<String>> extra = new HashMap<>();
    for (Map.Entry<String, Expression> each : new TreeMap<>(settings.extra()).entrySet()) {
      Expression expression = each.getValue();
      try {
        List<String> values = Expression.texts(expression.evaluate(claims));
        if (!values.isEmpty()) {
          extra.put(each.getKey(), values);
        }
      } catch (TokenFault e) {
        throw new TokenFault(
            "error evaluating extra claim expression: " + expression.text() + ": " + e.why());
      }
    }
    return extra;
  }
}
