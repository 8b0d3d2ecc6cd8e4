package dev.tiphys.node.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "nginx, docker.io/library/nginx",
    "nginx:1.24, docker.io/library/nginx:1.24",
    "team/app, docker.io/team/app",
    "docker.io/nginx, docker.io/library/nginx",
    "index.docker.io/library/nginx, docker.io/library/nginx",
    "localhost/app:1, localhost/app:1",
    "localhost:5000/app:1, localhost:5000/app:1",
    "registry.k8s.io/pause:3.10, registry.k8s.io/pause:3.10",
    "example.com:443/a/b__c/d-e.f, example.com:443/a/b__c/d-e.f",
    "[fd00::1]:5000/app, [fd00::1]:5000/app",
    "EXAMPLE/app, EXAMPLE/app"
  })
  void shortNamesAreCompleted(String text, String full) {
    assertThat(ImageReference.parse(text)).hasToString(full);
  }

  @Test
  void tagAndDigestAreToldApart() {
    ImageReference reference = ImageReference.parse("nginx:1.24@" + DIGEST);

    assertThat(reference.name()).isEqualTo("docker.io/library/nginx");
    assertThat(reference.tag()).isEqualTo("1.24");
    assertThat(reference.digest()).isEqualTo(DIGEST);
    assertThat(reference).hasToString("docker.io/library/nginx:1.24@" + DIGEST);
  }

  @Test
  void onlyABareNameMeansTheLatest() {
    assertThat(ImageReference.parse("nginx").withDefaultTag())
        .hasToString("docker.io/library/nginx:latest");
    assertThat(ImageReference.parse("nginx:1").withDefaultTag())
        .hasToString("docker.io/library/nginx:1");
    assertThat(ImageReference.parse("nginx@" + DIGEST).withDefaultTag())
        .hasToString("docker.io/library/nginx@" + DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", "nginx:", "nginx:-", "a//b", "-a", "nginx@sha256:12", "a b", "nginx:a:b"})
  void whatIsNoNameIsRefused(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(InvalidReferenceException.class)
        .hasMessage("invalid reference format");
  }

  @Test
  void refusalsSayWhatUpstreamSays() {
    assertThatThrownBy(() -> ImageReference.parse("Nginx"))
        .hasMessage("invalid reference format: repository name must be lowercase");
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(300)))
        .hasMessage("repository name must not be more than 255 characters");
    assertThatThrownBy(() -> ImageReference.parse("0123456789abcdef".repeat(4)))
        .hasMessageContaining("cannot specify 64-byte hexadecimal strings");
  }
}
