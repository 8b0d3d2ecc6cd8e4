/// `tiphys query`
package dev.tiphys.cli.query;
