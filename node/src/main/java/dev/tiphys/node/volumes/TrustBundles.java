package dev.tiphys.node.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The certificates of ClusterTrustBundles that projections name.
///
/// Threads: any.
final class TrustBundles {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  private final Api api;

  TrustBundles(Api api) {
    this.api = api;
  }

  /// The certificates of one bundle, or of all that a signer has with certain labels: each once, in
  /// PEM, in an order that depends on nothing but themselves.
  ///
  /// @param source a projection's `clusterTrustBundle`
  /// @throws VolumeFailure if there is no such bundle, and must be one
  String of(Struct source) throws VolumeFailure {
    TreeSet<String> certificates = new TreeSet<>();
    for (Struct bundle : bundles(source)) {
      Matcher found = CERTIFICATE.matcher(bundle.string("spec", "trustBundle"));
      while (found.find()) {
        certificates.add(found.group().replaceAll("\\s*\\R\\s*", "\n") + "\n");
      }
    }
    return String.join("", certificates);
  }

  private List<Struct> bundles(Struct source) throws VolumeFailure {
    boolean optional = source.bool("optional");
    try {
      return source.has("name")
          ? List.of(api.get(ApiResource.CLUSTER_TRUST_BUNDLES, "", source.string("name")))
          : ofSigner(source, optional);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND) && optional) {
        return List.of();
      }
      throw new VolumeFailure("while getting ClusterTrustBundle: " + e.message());
    }
  }

  private List<Struct> ofSigner(Struct source, boolean optional) throws VolumeFailure {
    LabelSelector labels =
        source.has("labelSelector")
            ? LabelSelector.from(source.struct("labelSelector"))
            : LabelSelector.NOTHING;
    List<Struct> bundles =
        api
            .list(
                ApiResource.CLUSTER_TRUST_BUNDLES,
                "",
                ListOptions.withFields("spec.signerName=" + source.string("signerName")))
            .items()
            .stream()
            .filter(bundle -> labels.matches(bundle.struct("metadata", "labels")))
            .toList();
    if (bundles.isEmpty() && !optional) {
      throw new VolumeFailure(
          "combination of signerName and labelSelector matched zero ClusterTrustBundles");
    }
    return bundles;
  }
}
