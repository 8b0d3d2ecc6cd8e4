package dev.tiphys.node.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {

  private static final String CONFIG = "{\"os\":\"linux\"}";

  @TempDir Path directory;

  @Test
  void aDockerArchiveHasLayersConfigurationAndAMadeManifest() throws Exception {
    LocalImage image = images(docker("[\"nginx:1.24\",\"nginx\"]")).getFirst();

    assertThat(image.names())
        .containsExactly("docker.io/library/nginx:1.24", "docker.io/library/nginx:latest");
    assertThat(image.blobs())
        .extracting(Blob::mediaType)
        .containsExactly(
            MediaTypes.DOCKER_LAYER, MediaTypes.DOCKER_CONFIG, MediaTypes.DOCKER_MANIFEST);
    assertThat(image.blobs().get(0).digest()).isEqualTo(digest("a layer"));
    assertThat(image.blobs().get(1).digest()).isEqualTo(digest(CONFIG));
    assertThat(image.top().references())
        .containsEntry(GcLabels.CONFIG, digest(CONFIG))
        .containsEntry(GcLabels.layer(0), digest("a layer"));
    assertThat(new String(image.top().source().bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"schemaVersion":2,"mediaType":"%s",\
            "config":{"mediaType":"%s","size":14,"digest":"%s"},\
            "layers":[{"mediaType":"%s","size":7,"digest":"%s"}]}"""
                .formatted(
                    MediaTypes.DOCKER_MANIFEST,
                    MediaTypes.DOCKER_CONFIG,
                    digest(CONFIG),
                    MediaTypes.DOCKER_LAYER,
                    digest("a layer")));
  }

  @Test
  void compressedLayersAreToldByTheirBytes() throws Exception {
    byte[] gzip = gzip("a layer".getBytes(StandardCharsets.UTF_8));
    byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0};
    Archives archive =
        new Archives()
            .file("c.json", CONFIG)
            .file("1", gzip)
            .file("2", zstd)
            .file("manifest.json", manifest("[\"a:1\"]", "\"1\",\"2\""));

    assertThat(images(archive).getFirst().blobs())
        .extracting(Blob::mediaType)
        .startsWith(MediaTypes.DOCKER_LAYER + ".gzip", MediaTypes.DOCKER_LAYER + ".zstd");
  }

  @Test
  void aLayerMayBeALinkToAnother() throws Exception {
    Archives archive =
        new Archives()
            .file("c.json", CONFIG)
            .file("one/layer.tar", "a layer")
            .link("two/layer.tar", "../one/layer.tar", '2')
            .link("three/layer.tar", "one/layer.tar", '1')
            .file(
                "manifest.json",
                manifest("[\"a:1\"]", "\"one/layer.tar\",\"two/layer.tar\",\"three/layer.tar\""));

    assertThat(images(archive).getFirst().blobs().subList(0, 3))
        .extracting(Blob::digest)
        .containsOnly(digest("a layer"));
  }

  @Test
  void longNamesAreRead() throws Exception {
    String gnu = "gnu/" + "x".repeat(120);
    String pax = "pax/" + "y".repeat(50);
    Archives archive =
        new Archives()
            .file("c.json", CONFIG)
            .longNamed(gnu, "a layer")
            .paxNamed(pax, "another layer")
            .file("manifest.json", manifest("[\"a:1\"]", "\"" + gnu + "\",\"" + pax + "\""));

    assertThat(images(archive).getFirst().blobs())
        .extracting(Blob::digest)
        .startsWith(digest("a layer"), digest("another layer"));
  }

  @Test
  void aWholeArchiveMayBeCompressed() throws Exception {
    Path file = directory.resolve("image.tar.gz");
    Files.write(file, gzip(docker("[\"a:1\"]").bytes()));

    try (ImageArchive archive = ImageArchive.open(file)) {
      assertThat(archive.names()).containsExactly("docker.io/library/a:1");
    }
  }

  @Test
  void anOciLayoutIsReadFromItsIndex() throws Exception {
    LocalImage image = images(oci("io.containerd.image.name", "example.com/app:2")).getFirst();

    assertThat(image.names()).containsExactly("example.com/app:2");
    assertThat(image.blobs())
        .extracting(Blob::mediaType)
        .containsExactly(
            MediaTypes.OCI_CONFIG,
            MediaTypes.OCI_LAYER,
            MediaTypes.OCI_MANIFEST,
            MediaTypes.OCI_INDEX);
    assertThat(image.top().references()).hasSize(2).containsKey(GcLabels.manifest(1));
  }

  @Test
  void aTagAloneIsNoName() {
    assertThatThrownBy(() -> images(oci("org.opencontainers.image.ref.name", "latest")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no name");
  }

  @Test
  void anImageWithoutANameIsRefused() {
    assertThatThrownBy(() -> images(docker("null")))
        .hasMessageContaining("has no name: save it by its name");
  }

  @Test
  void anIncompleteArchiveIsRefused() {
    assertThatThrownBy(
            () -> images(new Archives().file("manifest.json", manifest("[\"a:1\"]", "\"l\""))))
        .hasMessageContaining("incomplete: l is missing");
  }

  @Test
  void anArchiveOfSomethingElseIsRefused() {
    assertThatThrownBy(() -> images(new Archives().file("readme", "hello")))
        .hasMessageContaining("no image in it");
  }

  @Test
  void aFileThatIsNoArchiveIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("no.tar"), "x".repeat(2000));

    assertThatThrownBy(() -> ImageArchive.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no.tar")
        .hasMessageContaining("not a tar archive");
  }

  @Test
  void theBuiltInImageIsAlwaysTheSame() throws Exception {
    LocalImage image = PauseImage.of(Architecture.AMD64);

    assertThat(image.names()).containsExactly(PauseImage.NAME);
    assertThat(image.top().digest()).isEqualTo(PauseImage.of(Architecture.AMD64).top().digest());
    assertThat(image.top().digest()).isNotEqualTo(PauseImage.of(Architecture.ARM64).top().digest());
    Json manifest = Json.parse(image.top().source().bytes());
    assertThat(manifest.field("config").field("digest").text())
        .isEqualTo(image.blobs().get(1).digest());
    Json config = Json.parse(image.blobs().get(1).source().bytes());
    assertThat(config.field("config").field("Entrypoint").items().getFirst().text())
        .isEqualTo("/pause");
  }

  private List<LocalImage> images(Archives archive) throws IOException {
    Path file = Files.write(directory.resolve("image.tar"), archive.bytes());
    try (ImageArchive open = ImageArchive.open(file)) {
      return open.images();
    }
  }

  private static Archives docker(String tags) {
    return new Archives()
        .file("c.json", CONFIG)
        .file("./l/layer.tar", "a layer")
        .file("manifest.json", manifest(tags, "\"l/layer.tar\""));
  }

  private static String manifest(String tags, String layers) {
    return """
        [{"Config":"c.json","RepoTags":%s,"Layers":[%s]}]"""
        .formatted(tags, layers);
  }

  /// An image for two platforms, of which the archive has one.
  private static Archives oci(String annotation, String name) {
    String manifest =
        """
        {"config":{"mediaType":"%s","digest":"%s"},"layers":[{"mediaType":"%s","digest":"%s"}]}"""
            .formatted(
                MediaTypes.OCI_CONFIG, digest(CONFIG), MediaTypes.OCI_LAYER, digest("a layer"));
    String index =
        """
        {"manifests":[{"mediaType":"%1$s","digest":"%2$s"},{"mediaType":"%1$s","digest":"%3$s"}]}"""
            .formatted(MediaTypes.OCI_MANIFEST, digest(manifest), digest("not here"));
    return new Archives()
        .file(blob("a layer"), "a layer")
        .file(blob(CONFIG), CONFIG)
        .file(blob(manifest), manifest)
        .file(blob(index), index)
        .file(
            "index.json",
            """
            {"manifests":[{"mediaType":"%s","digest":"%s","annotations":{"%s":"%s"}}]}"""
                .formatted(MediaTypes.OCI_INDEX, digest(index), annotation, name));
  }

  private static String blob(String content) {
    return "blobs/" + digest(content).replace(':', '/');
  }

  private static String digest(String content) {
    return Digest.of(content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
