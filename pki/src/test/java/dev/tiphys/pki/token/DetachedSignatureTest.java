package dev.tiphys.pki.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DetachedSignatureTest {

  /// What another implementation of HMAC makes of the same.
  @Test
  void isWhatOthersMake() {
    assertThat(DetachedSignature.of("kind: Config\n", "abcdef", "0123456789abcdef"))
        .isEqualTo(
            "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..3ZR7IfHD4V0NLYjj9trDyCFIZSwMzkyMpnxx9vCiSPI");
  }
}
