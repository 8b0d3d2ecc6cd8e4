package dev.tiphys.node.images;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The image that sandboxes are made of. It is built in, so a node needs no registry to start.
///
/// Its one layer has one file, `/pause`: see [PauseProgram]. The same version of Tiphys always
/// makes the same bytes, and so the same digests.
public final class PauseImage {

  /// What it is called. Nothing is ever fetched by this name.
  public static final String NAME = "tiphys.dev/pause:1";

  private PauseImage() {}

  static LocalImage of(Architecture architecture) {
    byte[] layer = Tar.of("pause", 0755, PauseProgram.elf(architecture));
    String layerDigest = Digest.of(layer);
    byte[] config = utf8(config(architecture, layerDigest));
    String configDigest = Digest.of(config);
    byte[] manifest = utf8(manifest(configDigest, config.length, layerDigest, layer.length));
    return new LocalImage(
        List.of(NAME),
        List.of(
            Blob.leaf(layerDigest, MediaTypes.OCI_LAYER, BlobSource.of(layer)),
            Blob.leaf(configDigest, MediaTypes.OCI_CONFIG, BlobSource.of(config)),
            new Blob(
                Digest.of(manifest),
                MediaTypes.OCI_MANIFEST,
                BlobSource.of(manifest),
                Map.of(GcLabels.CONFIG, configDigest, GcLabels.layer(0), layerDigest))));
  }

  private static String config(Architecture architecture, String layer) {
    return """
        {"architecture":"%s","os":"linux","config":{"Entrypoint":["/pause"],"User":"65535:65535"},\
        "rootfs":{"type":"layers","diff_ids":["%s"]}}"""
        .formatted(architecture.id(), layer);
  }

  private static String manifest(String config, int configSize, String layer, int layerSize) {
    return """
        {"schemaVersion":2,"mediaType":"%s",\
        "config":{"mediaType":"%s","digest":"%s","size":%d},\
        "layers":[{"mediaType":"%s","digest":"%s","size":%d}]}"""
        .formatted(
            MediaTypes.OCI_MANIFEST,
            MediaTypes.OCI_CONFIG,
            config,
            configSize,
            MediaTypes.OCI_LAYER,
            layer,
            layerSize);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
