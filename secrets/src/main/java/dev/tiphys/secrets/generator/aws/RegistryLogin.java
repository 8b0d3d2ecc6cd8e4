package dev.tiphys.secrets.generator.aws;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.client.AwsException;
import dev.tiphys.secrets.provider.aws.client.AwsService;
import dev.tiphys.secrets.provider.aws.client.Calls;
import dev.tiphys.secrets.provider.aws.client.CredentialSupply;
import dev.tiphys.secrets.provider.aws.client.Retries;
import dev.tiphys.secrets.provider.aws.client.ServerClock;
import dev.tiphys.secrets.provider.aws.credentials.StoreCredentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Logins for registries of images: ECRAuthorizationToken.
///
/// @param environment that has the credentials of objects that name none, and the services' places
public record RegistryLogin(AwsEnvironment environment) implements Generator {

  @Override
  public String kind() {
    return "ECRAuthorizationToken";
  }

  @Override
  public String field() {
    return "ecrAuthorizationTokenSpec";
  }

  @Override
  public Map<String, byte[]> generate(Struct spec, Context context) throws InterruptedException {
    if (!AwsService.isRegion(spec.string("region"))) {
      throw new StoreException(
          "unable to create aws session: region not found: " + spec.string("region"));
    }
    Calls calls =
        new Calls(
            context.world(),
            context.transport(),
            environment,
            spec.string("region"),
            Retries.USUAL,
            new ServerClock(context.world()));
    boolean open = spec.string("scope").equals("public");
    String kind = open ? "public authorization" : "authorization";
    CredentialSupply supply;
    try {
      supply = new StoreCredentials(calls, context.references()).of(spec, List.of());
    } catch (StoreException e) {
      throw new StoreException("unable to create aws session: " + e.message());
    }
    try {
      AwsService service = open ? AwsService.PUBLIC_REGISTRY : AwsService.REGISTRY;
      Struct answer =
          new AwsClient(calls, service, supply).call("GetAuthorizationToken", Struct.EMPTY);
      return open ? login(answer.struct("authorizationData")) : ofOne(answer);
    } catch (AwsException e) {
      throw new StoreException("unable to get %s token: %s".formatted(kind, e.message()));
    }
  }

  private static Map<String, byte[]> ofOne(Struct answer) {
    List<Struct> all = answer.structs("authorizationData");
    if (all.size() != 1) {
      throw new StoreException(
          "unexpected number of authorization tokens. expected 1, found " + all.size());
    }
    Map<String, byte[]> login = login(all.getFirst());
    login.put("proxy_endpoint", bytes(all.getFirst().string("proxyEndpoint")));
    return login;
  }

  private static Map<String, byte[]> login(Struct data) {
    String[] parts;
    try {
      byte[] token = Base64.getDecoder().decode(data.string("authorizationToken"));
      parts = new String(token, StandardCharsets.UTF_8).split(":", -1);
    } catch (IllegalArgumentException e) {
      parts = new String[0]; // said below, without the token
    }
    if (parts.length != 2) {
      throw new StoreException("unexpected token format");
    }
    Map<String, byte[]> login = new LinkedHashMap<>();
    login.put("username", bytes(parts[0]));
    login.put("password", bytes(parts[1]));
    long end = data.get("expiresAt") instanceof Number seconds ? seconds.longValue() : 0;
    login.put("expires_at", bytes(String.valueOf(end)));
    return login;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
