/// What a cluster keeps in files: its data directory, keys and certificates.
package dev.tiphys.cli.data;
