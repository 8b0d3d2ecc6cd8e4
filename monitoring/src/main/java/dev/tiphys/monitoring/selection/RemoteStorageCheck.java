package dev.tiphys.monitoring.selection;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.stream.Collectors;

/// Whether what a Prometheus is to write to, or read from, can be used as it is given.
///
/// @param namespace of the Prometheus
public record RemoteStorageCheck(Sources sources, String namespace) {

  private static final List<String> METHODS =
      List.of("authorization", "azureAd", "basicAuth", "oauth2", "sigv4");

  /// @param settings an entry of `remoteWrite` or `remoteRead`
  public void check(Struct settings) throws RejectedException {
    List<String> given = METHODS.stream().filter(settings::has).toList();
    if (given.size() > 1) {
      throw new RejectedException(
          given.stream().map(each -> '"' + each + '"').collect(Collectors.joining(" and "))
              + " can't be set at the same time, at most one of them must be defined");
    }
    new HttpCheck(sources, namespace).check(settings);
  }
}
