package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import java.util.List;
import java.util.Optional;

/// What is wrong with the settings of a store, as far as they tell themselves.
record SettingsCheck(Store store) {

  private static final String ELSEWHERE =
      "namespace should either be empty or match the namespace of the SecretStore for a namespaced"
          + " SecretStore";

  /// A reference to something of the cluster.
  ///
  /// @param way to log in, or `tls`
  /// @param field within it; empty for itself
  /// @param name as it is told of
  private record Place(String way, String field, String name) {
    Struct in(Struct parent) {
      Struct settings = parent.struct(way);
      return field.isEmpty() ? settings : settings.struct(field.split("\\.", -1));
    }
  }

  private static final List<Place> PLACES =
      List.of(
          new Place("appRole", "secretRef", "Auth.AppRole.SecretRef"),
          new Place("appRole", "roleRef", "Auth.AppRole.RoleRef"),
          new Place("cert", "clientCert", "Auth.Cert.ClientCert"),
          new Place("cert", "secretRef", "Auth.Cert.SecretRef"),
          new Place("jwt", "secretRef", "Auth.Jwt.SecretRef"),
          new Place(
              "jwt",
              "kubernetesServiceAccountToken.serviceAccountRef",
              "Auth.Jwt.KubernetesServiceAccountToken.ServiceAccountRef"),
          new Place("kubernetes", "serviceAccountRef", "Auth.Kubernetes.ServiceAccountRef"),
          new Place("kubernetes", "secretRef", "Auth.Kubernetes.SecretRef"),
          new Place("ldap", "secretRef", "Auth.Ldap.SecretRef"),
          new Place("userPass", "secretRef", "Auth.UserPass.SecretRef"),
          new Place("tokenSecretRef", "", "Auth.TokenSecretRef"));

  private static final List<Place> TLS =
      List.of(
          new Place("tls", "certSecretRef", "ClientTLS.ClientCert"),
          new Place("tls", "keySecretRef", "ClientTLS.SecretRef"));

  /// Whether credentials are those of whatever namespace asks.
  static boolean leavesNamespaceOpen(Struct auth) {
    return PLACES.stream()
        .filter(place -> !place.field.equals("roleRef") && !place.field.equals("clientCert"))
        .map(place -> place.in(auth))
        .anyMatch(reference -> !reference.isEmpty() && !reference.has("namespace"));
  }

  Optional<String> problem() {
    Struct vault = store.settings();
    Struct auth = vault.struct("auth");
    Struct appRole = auth.struct("appRole");
    Struct jwt = auth.struct("jwt");
    Struct tls = vault.struct("tls");
    Optional<String> misplaced = misplaced(PLACES, auth);
    if (misplaced.isPresent()) {
      return misplaced;
    }
    if (auth.has("appRole") && appRole.string("roleId").isEmpty() && !appRole.has("roleRef")) {
      return Optional.of("invalid Auth.AppRole: neither `roleId` nor `roleRef` was supplied");
    }
    if (auth.has("jwt") && !jwt.has("secretRef") && !jwt.has("kubernetesServiceAccountToken")) {
      return Optional.of(
          "neither `secretRef` nor `kubernetesServiceAccountToken` was supplied as token source for"
              + " jwt authentication");
    }
    if (tls.has("certSecretRef") != tls.has("keySecretRef")) {
      return Optional.of(
          "when provided, both ClientTLS.ClientCert and ClientTLS.SecretRef should be provided");
    }
    if (vault.bool("checkAndSet", "required") && vault.string("version").equals("v1")) {
      return Optional.of("checkAndSet is not supported with Vault KV version v1");
    }
    return misplaced(TLS, vault);
  }

  private Optional<String> misplaced(List<Place> places, Struct parent) {
    if (store.isCluster()) {
      return Optional.empty();
    }
    return places.stream()
        .filter(place -> isElsewhere(place.in(parent)))
        .map(place -> "invalid " + place.name + ": " + ELSEWHERE)
        .findFirst();
  }

  private boolean isElsewhere(Struct reference) {
    String named = reference.string("namespace");
    return !named.isEmpty() && !named.equals(store.key().namespace());
  }
}
