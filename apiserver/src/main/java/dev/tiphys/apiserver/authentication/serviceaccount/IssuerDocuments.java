package dev.tiphys.apiserver.authentication.serviceaccount;

import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.util.List;

/// What others verify the tokens of service accounts with, as OpenID Connect Discovery 1.0 has it:
/// who issues them, and the keys.
///
/// @param settings how the tokens are made
public record IssuerDocuments(TokenSettings settings) {

  public static final String CONFIGURATION = "/.well-known/openid-configuration";
  public static final String KEYS = "/openid/v1/jwks";

  /// The issuer, and where its keys are.
  ///
  /// @param address where the API server is reached, as `host:port`
  public byte[] configuration(String address) {
    return Json.bytes(
        new StructBuilder()
            .add("issuer", settings.issuers().getFirst())
            .add("jwks_uri", "https://" + address + KEYS)
            .add("response_types_supported", List.of("id_token"))
            .add("subject_types_supported", List.of("public"))
            .add("id_token_signing_alg_values_supported", settings.keys().algorithms().toList())
            .build());
  }

  /// The keys: a JWK set.
  public String keys() {
    return settings.keys().document();
  }
}
