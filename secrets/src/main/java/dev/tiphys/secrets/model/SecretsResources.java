package dev.tiphys.secrets.model;

import dev.tiphys.client.ApiResource;
import dev.tiphys.schema.GroupVersion;
import java.util.List;

/// The kinds of this module.
public final class SecretsResources {

  /// The group of stores and of what is kept as they have it.
  public static final String GROUP = "external-secrets.io";

  /// The group of what makes secrets up.
  public static final String GENERATORS = "generators.external-secrets.io";

  public static final ApiResource SECRET_STORES = of("v1", "secretstores", "SecretStore", true);
  public static final ApiResource CLUSTER_SECRET_STORES =
      of("v1", "clustersecretstores", "ClusterSecretStore", false);
  public static final ApiResource EXTERNAL_SECRETS =
      of("v1", "externalsecrets", "ExternalSecret", true);
  public static final ApiResource CLUSTER_EXTERNAL_SECRETS =
      of("v1", "clusterexternalsecrets", "ClusterExternalSecret", false);
  public static final ApiResource PUSH_SECRETS = of("v1alpha1", "pushsecrets", "PushSecret", true);

  public static final ApiResource CLUSTER_GENERATORS =
      generator("clustergenerators", "ClusterGenerator", false);

  /// What generators need to know of what they made elsewhere.
  public static final ApiResource GENERATOR_STATES =
      generator("generatorstates", "GeneratorState", true);

  /// Those of one namespace.
  public static final List<ApiResource> GENERATOR_KINDS =
      List.of(
          generator("passwords", "Password", true),
          generator("uuids", "UUID", true),
          generator("fakes", "Fake", true),
          generator("webhooks", "Webhook", true),
          generator("ecrauthorizationtokens", "ECRAuthorizationToken", true),
          generator("vaultdynamicsecrets", "VaultDynamicSecret", true));

  private SecretsResources() {}

  private static ApiResource of(String version, String plural, String kind, boolean namespaced) {
    return new ApiResource(new GroupVersion(GROUP, version), plural, kind, namespaced);
  }

  private static ApiResource generator(String plural, String kind, boolean namespaced) {
    return new ApiResource(new GroupVersion(GENERATORS, "v1alpha1"), plural, kind, namespaced);
  }
}
