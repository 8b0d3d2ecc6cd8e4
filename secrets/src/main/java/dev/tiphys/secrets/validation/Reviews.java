package dev.tiphys.secrets.validation;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.model.Review;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.Provider;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What reviews objects before they are made or changed.
public final class Reviews {

  private Reviews() {}

  /// Those of all kinds that are reviewed.
  ///
  /// @param providers the kinds of stores, by their names
  public static List<Review> all(Map<String, Provider> providers) {
    Function<Struct, String> stores =
        object -> String.join("\n", new StoreCheck(new Store(object), providers).problems());
    return List.of(
        new Review(
            "validate.externalsecret.external-secrets.io",
            SecretsResources.EXTERNAL_SECRETS,
            object ->
                String.join("\n", new ExternalSecretCheck(new ExternalSecret(object)).problems())),
        new Review(
            "validate.secretstore.external-secrets.io", SecretsResources.SECRET_STORES, stores),
        new Review(
            "validate.clustersecretstore.external-secrets.io",
            SecretsResources.CLUSTER_SECRET_STORES,
            stores));
  }
}
