package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.secrets.provider.aws.client.CredentialSupply;
import dev.tiphys.secrets.provider.aws.client.TokenService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Credentials of roles, which the token service hands out.
record Roles(TokenService service) {

  private static final String SESSION = "external-secrets-provider-aws";
  private static final String SECONDS = "900";

  /// What a role is assumed with besides.
  ///
  /// @param externalId empty for none
  /// @param tags of the session, in order
  /// @param transitive which of them go on to further roles
  record Session(String externalId, List<Map.Entry<String, String>> tags, List<String> transitive) {
    static final Session PLAIN = new Session("", List.of(), List.of());

    Session {
      tags = List.copyOf(tags);
      transitive = List.copyOf(transitive);
    }
  }

  /// A role that other credentials may assume.
  Source assumed(String role, Session session, CredentialSupply by) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>(parameters(role, SESSION));
    if (!session.externalId().isEmpty()) {
      parameters.add(Map.entry("ExternalId", session.externalId()));
    }
    int number = 1;
    for (Map.Entry<String, String> tag : session.tags()) {
      parameters.add(Map.entry("Tags.member." + number + ".Key", tag.getKey()));
      parameters.add(Map.entry("Tags.member." + number++ + ".Value", tag.getValue()));
    }
    number = 1;
    if (!session.tags().isEmpty()) {
      for (String key : session.transitive()) {
        parameters.add(Map.entry("TransitiveTagKeys.member." + number++, key));
      }
    }
    return () -> Keys.of("AssumeRole", service.credentials("AssumeRole", parameters, by));
  }

  /// A role that tokens of an identity provider may assume.
  ///
  /// @param token asked for each time, since tokens end as well
  /// @param session empty for the usual name
  Source ofToken(String role, String session, Supplier<String> token) {
    return () -> {
      List<Map.Entry<String, String>> parameters =
          new ArrayList<>(parameters(role, session.isEmpty() ? SESSION : session));
      parameters.add(Map.entry("WebIdentityToken", token.get()));
      String operation = "AssumeRoleWithWebIdentity";
      return Keys.of(operation, service.credentials(operation, parameters, null));
    };
  }

  private static List<Map.Entry<String, String>> parameters(String role, String session) {
    return List.of(
        Map.entry("RoleArn", role),
        Map.entry("RoleSessionName", session),
        Map.entry("DurationSeconds", SECONDS));
  }
}
