// Command sbom writes the SPDX document of an archive of a release.
//
// It reads the modules from the program in the archive, where the linker wrote them,
// so that the document cannot differ from what is shipped. Two runs write the same
// bytes, which the common generators do not: their documents have random identifiers
// and the current time, and would make every release irreproducible.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/clarifai/terraform-provider-clarifai/tools/release/archive"
)

type options struct {
	archive, version, created, output string
}

func main() {
	var o options
	flag.StringVar(&o.archive, "archive", "", "zip `file` with one program")
	flag.StringVar(&o.version, "version", "", "`version` of the release")
	flag.StringVar(&o.created, "created", "", "`time` of the release's commit, in RFC 3339")
	flag.StringVar(&o.output, "output", "", "`file` to write")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	created, err := time.Parse(time.RFC3339, o.created)
	if err != nil {
		return fmt.Errorf("-created: %w", err)
	}
	a, err := archive.Open(o.archive)
	if err != nil {
		return err
	}
	zip, err := os.ReadFile(o.archive)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(zip)
	doc, err := document(a, release{file: filepath.Base(o.archive), sum: hex.EncodeToString(sum[:]), version: o.version, created: created.UTC()})
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if err := json.Write(doc, &content, json.Indent("  ")); err != nil {
		return err
	}
	return os.WriteFile(o.output, content.Bytes(), 0o644) // #nosec G306 -- it is published
}

// release is what a document says about the archive.
type release struct {
	file, sum, version string
	created            time.Time
}

const mainID = "SPDXRef-Package-main"

// document returns the document: the archive's program, and each module in it.
func document(a *archive.Archive, r release) (*v2_3.Document, error) {
	main := &v2_3.Package{
		PackageName:               a.Info.Path,
		PackageSPDXIdentifier:     element(mainID),
		PackageVersion:            r.version,
		PackageFileName:           r.file,
		PackageDownloadLocation:   "NOASSERTION",
		IsFilesAnalyzedTagPresent: true,
		PackageChecksums:          []common.Checksum{{Algorithm: common.SHA256, Value: r.sum}},
		PackageSourceInfo:         fmt.Sprintf("program %s, SHA-256 %s, built with %s for %s/%s", a.Program, a.Sum(), a.Info.GoVersion, a.Setting("GOOS"), a.Setting("GOARCH")),
		PackageLicenseConcluded:   "MPL-2.0",
		PackageLicenseDeclared:    "MPL-2.0",
		PackageCopyrightText:      "NOASSERTION",
		PrimaryPackagePurpose:     "APPLICATION",
		PackageExternalReferences: purl(a.Info.Main.Path, "v"+r.version),
	}
	doc := &v2_3.Document{
		SPDXVersion:       v2_3.Version,
		DataLicense:       v2_3.DataLicense,
		SPDXIdentifier:    "DOCUMENT",
		DocumentName:      r.file,
		DocumentNamespace: "https://github.com/clarifai/terraform-provider-clarifai/spdx/" + r.file + "-" + r.sum,
		CreationInfo: &v2_3.CreationInfo{
			Creators: []common.Creator{{CreatorType: "Organization", Creator: "Clarifai"}, {CreatorType: "Tool", Creator: "tools/release/sbom"}},
			Created:  r.created.Format(time.RFC3339),
		},
		Packages:      []*v2_3.Package{main},
		Relationships: []*v2_3.Relationship{relation("SPDXRef-DOCUMENT", common.TypeRelationshipDescribe, mainID)},
	}
	modules := append([]*debug.Module{{Path: "stdlib", Version: strings.TrimPrefix(a.Info.GoVersion, "go")}}, a.Info.Deps...)
	for i, m := range modules {
		if m.Replace != nil {
			m = m.Replace
		}
		p, err := module(m, fmt.Sprintf("SPDXRef-Package-%d", i+1))
		if err != nil {
			return nil, err
		}
		doc.Packages = append(doc.Packages, p)
		doc.Relationships = append(doc.Relationships, relation(mainID, common.TypeRelationshipContains, "SPDXRef-"+string(p.PackageSPDXIdentifier)))
	}
	return doc, nil
}

// module returns the package of a module. The checksum of go.sum covers the files of
// the module, not an archive of it, so it is no checksum of the package.
func module(m *debug.Module, id string) (*v2_3.Package, error) {
	p := &v2_3.Package{
		PackageName:               m.Path,
		PackageSPDXIdentifier:     element(id),
		PackageVersion:            m.Version,
		PackageDownloadLocation:   "NOASSERTION",
		IsFilesAnalyzedTagPresent: true,
		PackageLicenseConcluded:   "NOASSERTION",
		PackageLicenseDeclared:    "NOASSERTION",
		PackageCopyrightText:      "NOASSERTION",
		PrimaryPackagePurpose:     "LIBRARY",
		PackageExternalReferences: purl(m.Path, m.Version),
	}
	if m.Path == "stdlib" {
		return p, nil
	}
	if m.Sum == "" {
		return nil, fmt.Errorf("%s %s has no checksum in the program", m.Path, m.Version)
	}
	p.PackageSourceInfo = "checksum in go.sum: " + m.Sum
	return p, nil
}

func purl(path, version string) []*v2_3.PackageExternalReference {
	return []*v2_3.PackageExternalReference{{Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL, Locator: "pkg:golang/" + path + "@" + version}}
}

func element(id string) common.ElementID {
	return common.ElementID(strings.TrimPrefix(id, "SPDXRef-"))
}

func relation(from, kind, to string) *v2_3.Relationship {
	return &v2_3.Relationship{
		RefA: common.MakeDocElementID("", string(element(from))), RefB: common.MakeDocElementID("", string(element(to))), Relationship: kind,
	}
}
