package dev.tiphys.apiserver.authentication.jwt;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the tokens of one issuer authenticate users: an element of `jwt` in an
/// AuthenticationConfiguration. See
/// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration>.
///
/// @param issuer the URL that tokens name
/// @param discovery where its keys are asked for, if not below that URL; else empty
/// @param authority vouches for its server, as PEM; empty for the system's authorities
/// @param audiences of which a token must name one
/// @param algorithms by which tokens may be signed
/// @param rules what must be so of the claims
/// @param username what makes the user's name
/// @param groups what makes the user's groups
/// @param uid what makes the user's uid
/// @param extra what makes the user's extras, by their keys
/// @param userRules what must be so of the user
public record JwtSettings(
    String issuer,
    String discovery,
    String authority,
    List<String> audiences,
    List<String> algorithms,
    List<Rule> rules,
    Mapping username,
    Mapping groups,
    Mapping uid,
    Map<String, Expression> extra,
    List<Rule> userRules) {

  /// The algorithms that are accepted unless it is said which are: all with keys that are not
  /// shared.
  public static final List<String> ALL_ALGORITHMS =
      List.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

  public JwtSettings {
    audiences = List.copyOf(audiences);
    algorithms = List.copyOf(algorithms);
    rules = List.copyOf(rules);
    extra = Map.copyOf(extra);
    userRules = List.copyOf(userRules);
  }

  /// What must be so.
  sealed interface Rule {
    /// A claim has a value.
    record Claim(String name, String value) implements Rule {}

    /// An expression is true.
    ///
    /// @param message what is said if it is not; may be empty
    record Condition(Expression expression, String message) implements Rule {}
  }

  /// What makes a part of a user's identity.
  sealed interface Mapping {
    /// Nothing.
    record Nothing() implements Mapping {}

    /// A claim.
    ///
    /// @param prefix what is put before it
    record Claim(String name, String prefix) implements Mapping {}

    /// An expression.
    record Computed(Expression expression) implements Mapping {}

    Mapping NOTHING = new Nothing();
  }

  /// Those of the flags `--oidc-*`.
  ///
  /// @param usernamePrefix null for upstream's default: the issuer and `#`, but nothing for email
  ///   addresses; `-` for none
  /// @param required claims and the values that they must have
  public static JwtSettings ofFlags(
      String issuer,
      String client,
      String authority,
      String usernameClaim,
      @Nullable String usernamePrefix,
      String groupsClaim,
      String groupsPrefix,
      List<String> algorithms,
      Map<String, String> required) {
    String prefix =
        usernamePrefix == null
            ? usernameClaim.equals("email") ? "" : issuer + "#"
            : usernamePrefix.equals("-") ? "" : usernamePrefix;
    return new JwtSettings(
        issuer,
        "",
        authority,
        List.of(client),
        algorithms,
        required.entrySet().stream()
            .<Rule>map(each -> new Rule.Claim(each.getKey(), each.getValue()))
            .toList(),
        new Mapping.Claim(usernameClaim, prefix),
        groupsClaim.isEmpty() ? Mapping.NOTHING : new Mapping.Claim(groupsClaim, groupsPrefix),
        Mapping.NOTHING,
        Map.of(),
        List.of());
  }
}
