/// Which features are on, and which APIs are served.
package dev.tiphys.cli.features;
