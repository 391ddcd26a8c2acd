using System.ComponentModel.DataAnnotations;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Scenarios.Documents;

/// <summary>A type of records that some store keeps.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RecordTypesAttribute() : AllowedValuesAttribute([.. StoreFormats.RecordTypes]);
