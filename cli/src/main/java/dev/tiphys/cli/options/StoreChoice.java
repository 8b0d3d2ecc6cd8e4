package dev.tiphys.cli.options;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.store.etcd.EtcdStore;
import dev.tiphys.store.etcd.EtcdTls;
import dev.tiphys.world.World;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which store keeps the cluster's objects.
public final class StoreChoice {

  private static final String EMBEDDED = "embedded";
  private static final String ETCD = "etcd=";

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description =
          "What keeps the objects: 'embedded', or 'etcd=URL[,URL...]'. Default: ${DEFAULT-VALUE}.")
  private String store = EMBEDDED;

  @Option(
      names = "--etcd-cafile",
      paramLabel = "FILE",
      description = "The authorities that vouch for etcd, for https URLs.")
  private @Nullable Path authority;

  @Option(
      names = "--etcd-certfile",
      paramLabel = "FILE",
      description = "The certificate shown to etcd.")
  private @Nullable Path certificate;

  @Option(names = "--etcd-keyfile", paramLabel = "FILE", description = "Its private key.")
  private @Nullable Path key;

  /// Opens the store.
  ///
  /// @throws CliException if it can't be had, or was named wrongly
  public Store open(DataDirectory data, World world) {
    try {
      if (store.equals(EMBEDDED)) {
        return EmbeddedStore.open(data.store(), world);
      }
      if (!store.startsWith(ETCD)) {
        throw new CliException(
            "there is no store '" + store + "'; say embedded or etcd=http://HOST:PORT");
      }
      return etcd(world);
    } catch (StoreException e) {
      throw new CliException("cannot open the store: " + e.getMessage(), e);
    }
  }

  private Store etcd(World world) {
    List<URI> endpoints = new ArrayList<>();
    boolean secure = false;
    for (String text : store.substring(ETCD.length()).split(",")) {
      URI endpoint = endpoint(text);
      secure |= endpoint.getScheme().equals("https");
      endpoints.add(endpoint);
    }
    Store opened;
    if (!secure) {
      opened = EtcdStore.connect(endpoints, world);
    } else if (authority != null && certificate != null && key != null) {
      opened = EtcdStore.connect(endpoints, new EtcdTls(authority, certificate, key), world);
    } else {
      throw new CliException(
          "an etcd at https needs --etcd-cafile, --etcd-certfile and --etcd-keyfile");
    }
    try {
      opened.revision(); // does it answer?
      return opened;
    } catch (StoreException e) {
      opened.close();
      throw new CliException("etcd at " + endpoints + " does not answer: " + e.getMessage(), e);
    }
  }

  private static URI endpoint(String text) {
    try {
      URI endpoint = URI.create(text);
      String scheme = String.valueOf(endpoint.getScheme());
      if (List.of("http", "https").contains(scheme) && endpoint.getHost() != null) {
        return endpoint;
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw new CliException("'" + text + "' is no address of an etcd; write it as http://HOST:PORT");
  }
}
