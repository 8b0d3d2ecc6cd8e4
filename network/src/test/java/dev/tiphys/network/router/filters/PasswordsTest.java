package dev.tiphys.network.router.filters;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checks as htpasswd and others write them, all of the same password.
class PasswordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "md5 secret $apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/",
        "one secret $1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1",
        "five secret $5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.",
        "six secret $6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.",
        "crypt secret abNANd1rDfiNc",
        "bcrypt secret $2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
        "sha secret {SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "ssha secret {SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0"
      })
  void passwordsFitWhatTheyAreCheckedBy(String name, String password, String check) {
    Passwords passwords =
        Passwords.ofFile("# a comment\nother:x\n" + name + ":" + check + ":a comment\n");
    assertThat(passwords.fit(name, password)).isTrue();
    assertThat(passwords.fit(name, password + "x")).isFalse();
    assertThat(passwords.fit("nobody", password)).isFalse();
    assertThat(passwords.fit("other", password)).isFalse();
  }
}
