/// ExternalSecrets: when stores are asked, for what, and what is written.
package dev.tiphys.secrets.sync;
