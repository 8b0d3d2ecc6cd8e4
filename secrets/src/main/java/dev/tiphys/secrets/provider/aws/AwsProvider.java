package dev.tiphys.secrets.provider.aws;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.Capabilities;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.UndecidedStore;
import dev.tiphys.secrets.provider.aws.client.AwsClient;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.client.AwsService;
import dev.tiphys.secrets.provider.aws.client.Calls;
import dev.tiphys.secrets.provider.aws.client.CredentialSupply;
import dev.tiphys.secrets.provider.aws.client.Retries;
import dev.tiphys.secrets.provider.aws.client.ServerClock;
import dev.tiphys.secrets.provider.aws.credentials.StoreCredentials;
import dev.tiphys.secrets.provider.aws.parameterstore.ParameterStore;
import dev.tiphys.secrets.provider.aws.secretsmanager.SecretsManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Secrets Manager and Parameter Store of AWS. Each open store has its own temporary credentials,
/// for all that use it.
public final class AwsProvider implements Provider {

  private final AwsEnvironment environment;

  /// @param environment that has the credentials of stores that name none, and the services' places
  public AwsProvider(AwsEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "aws";
  }

  @Override
  public Capabilities capabilities(Store store) {
    return Capabilities.READ_WRITE;
  }

  @Override
  public Optional<String> problem(Store store) {
    Struct settings = store.settings();
    String service = settings.string("service");
    if (!List.of("SecretsManager", "ParameterStore", "CertificateManager").contains(service)) {
      return Optional.of("unknown AWS Provider Service: " + service);
    }
    if (!AwsService.isRegion(settings.string("region"))) {
      return Optional.of("region not found: " + settings.string("region"));
    }
    if (service.equals("CertificateManager")) {
      return Optional.of("CertificateManager is not supported yet");
    }
    return SecretsManager.problem(settings);
  }

  @Override
  public OpenStore open(StoreContext context) {
    problem(context.store())
        .ifPresent(
            problem -> {
              throw new StoreException(problem);
            });
    Struct settings = context.settings();
    if (context.store().isCluster()
        && context.namespace().isEmpty()
        && isOfNamespace(settings.struct("auth"), context)) {
      return new UndecidedStore();
    }
    Calls calls =
        new Calls(
            context.world(),
            context.transport(),
            environment,
            settings.string("region"),
            Retries.of(context.store().spec().struct("retrySettings")),
            new ServerClock(context.world()));
    CredentialSupply supply;
    try {
      supply = new StoreCredentials(calls, context.references()).of(settings, sessionTags(context));
    } catch (StoreException e) {
      throw new StoreException("unable to create session: " + e.message());
    }
    return settings.string("service").equals("ParameterStore")
        ? new ParameterStore(
            new AwsClient(calls, AwsService.PARAMETER_STORE, supply, context.counter()), settings)
        : new SecretsManager(
            new AwsClient(calls, AwsService.SECRETS_MANAGER, supply, context.counter()),
            settings,
            context.references());
  }

  /// Whether any credentials are of the namespace that asks.
  private static boolean isOfNamespace(Struct auth, StoreContext context) {
    List<Struct> references = new ArrayList<>();
    Struct keys = auth.struct("secretRef");
    keys.names().forEach(name -> references.add(keys.struct(name)));
    Struct account = auth.struct("jwt", "serviceAccountRef");
    if (!account.isEmpty()) {
      references.add(account);
    }
    references.forEach(each -> context.references().namespaceOf(each));
    return context.references().areOfNamespace();
  }

  private static List<Map.Entry<String, String>> sessionTags(StoreContext context) {
    Struct settings = context.settings();
    String policy = settings.string("sessionTagsPolicy");
    if (!policy.equals("Simple") && !policy.equals("Custom")) {
      return settings.structs("sessionTags").stream()
          .map(each -> Map.entry(each.string("key"), each.string("value")))
          .toList();
    }
    Map<String, String> tags = new TreeMap<>();
    if (policy.equals("Custom")) {
      settings.struct("customSessionTags").forEach((key, tag) -> tags.put(key, tag.toString()));
      tags.values().removeIf(String::isEmpty);
    }
    tags.put("esoNamespace", context.references().namespaceOf(Struct.EMPTY));
    tags.put("esoStoreName", context.store().name());
    tags.put("esoStoreKind", context.store().key().kind());
    return List.copyOf(tags.entrySet());
  }
}
